"""Questions → tasks → tool calls."""

from itertools import pairwise

import pytest

from assistant.planning.calls import calls_for
from assistant.planning.compose import compose
from assistant.planning.glossed import in_english
from assistant.planning.plan import make_tasks
from tests.talking.talk import CHEST, CT, SKIN, asked, inspected, refused, row, talk


def calls(now):
    return [(call.tool, call.args["image_id"]) for call in calls_for(make_tasks(now), now)]


def test_the_users_own_question_goes_to_the_tool():
    now = talk("What is this? And measure it.", row(1, SKIN), attached=("img-1",))
    made = calls_for(make_tasks(now), now)
    assert [(c.tool, c.args["question"]) for c in made] == [
        ("inspect_image", "What is this?"),
        ("measure_lesion", "And measure it."),
    ]


def test_each_tool_looks_at_each_image_once():
    now = talk("What is this? Is it blurred? Describe it.", row(1, CHEST), attached=("img-1",))
    assert calls(now) == [("inspect_image", "img-1")]


def test_nothing_is_called_twice_after_an_answer_or_a_refusal():
    image = row(1, SKIN)
    now = talk("describe it", image, results=(inspected(image), refused("measure_lesion", "img-1", "no")))
    assert calls(now) == []


def test_a_follow_up_without_image_is_about_the_last_one():
    now = talk("measure it", row(1, SKIN), row(2, SKIN), past=(asked("what is img-1?", "img-1"),))
    assert calls(now) == [("measure_lesion", "img-1")]


def test_naming_only_an_image_repeats_the_last_question_about_it():
    now = talk(
        "and the second one?", row(1, SKIN), row(2, SKIN), past=(asked("find similar cases", "img-1"),)
    )
    assert calls(now) == [("find_similar_cases", "img-2")]


def test_naming_only_a_side_of_the_body_repeats_the_question_for_that_side():
    now = talk("and the left one?", row(1, CHEST), past=(asked("is the right lung normal?", "img-1"),))
    (task,) = make_tasks(now)
    assert (task.intent, task.clause) == ("read", "is the left lung normal?")


def test_a_side_of_a_paired_organ_is_asked_for_that_side():
    now = talk(
        "and the left one?", row(1, CHEST), row(2, CHEST), past=(asked("are the lungs normal?", "img-1"),)
    )
    (task,) = make_tasks(now)
    assert (task.clause, task.images) == ("are the left lung normal?", ("img-1",))


def test_a_comparison_looks_at_both():
    now = talk(
        "is it more asymmetric than the first?", row(1, SKIN), row(2, SKIN), past=(asked("m", "img-2"),)
    )
    assert [image for tool, image in calls(now) if tool == "measure_lesion"] == ["img-2", "img-1"]


def test_overruling_comes_before_the_tools_that_need_it():
    now = talk("treat img-1 as dermoscopy and measure it", row(1, {"domain": "unknown"}))
    assert calls(now) == [("treat_image_as", "img-1")]


def test_slices_are_counted_from_the_one_in_view():
    def slice_of(question, index=11):
        now = talk(question, row(1, CT, index=index))
        (call,) = calls_for(make_tasks(now), now)
        return call.args["slice_number"]

    assert slice_of("next slice") == 13
    assert slice_of("previous slice") == 11
    assert slice_of("slice 5") == 5
    assert slice_of("last slice") == 40
    assert slice_of("show the middle slice") == 20
    assert slice_of("next") == 13


def test_a_slice_is_looked_for_in_the_volume_even_if_a_photo_came_later():
    now = talk("next slice", row(1, CT, index=0), row(2, SKIN), past=(asked("what is img-2", "img-2"),))
    assert calls(now) == [("show_slice", "img-1")]


def test_a_reader_is_given_the_images_of_its_domain_and_the_question():
    now = talk("is there a fracture?", row(1, CHEST), readers={"radiology": "read_radiograph"})
    (call,) = calls_for(make_tasks(now), now)
    assert (call.tool, call.args) == (
        "read_radiograph",
        {"image_id": "img-1", "question": "is there a fracture?"},
    )


def test_measuring_a_radiograph_lets_the_tool_give_its_reason():
    assert ("measure_lesion", "img-1") in calls(talk("measure it", row(1, CHEST)))


def test_small_talk_calls_nothing():
    for words in ("thanks!", "hello", "what can you do?", "why?", "should I worry? should I see a doctor?"):
        assert calls(talk(words, row(1, SKIN))) == []


def test_a_question_with_thanks_is_answered_not_thanked():
    assert [t.intent for t in make_tasks(talk("Thanks! Now measure it.", row(1, SKIN)))] == ["measure"]


def test_an_attached_image_without_words_is_described():
    assert [t.intent for t in make_tasks(talk("?", row(1, SKIN), attached=("img-1",)))] == ["describe"]


@pytest.mark.parametrize("question", ["hmpf", "flurble the wizzle gromp", "banana"])
def test_words_that_nobody_understands_are_asked_back_and_no_new_picture_is_measured(question):
    now = talk(question, row(1, SKIN), attached=("img-1",))
    assert calls_for(make_tasks(now), now) == []
    assert "say what kind of picture it is, or to measure it?" in compose(make_tasks(now), now)


def test_the_users_labels_are_asked_of_every_image_named():
    now = talk("classify both images", row(1, SKIN), row(2, CHEST), attached=("img-1", "img-2"))
    assert calls(now) == [("classify_with_my_labels", "img-1"), ("classify_with_my_labels", "img-2")]


def test_labels_to_rank_go_to_the_tool_and_name_no_image():
    now = talk("which of these fits best: second rib, or both lungs?", row(1, CHEST), row(2, CHEST))
    (call,) = calls_for(make_tasks(now), now)
    assert (call.tool, call.args["image_id"]) == ("rank_labels", "img-2")
    assert call.args["labels"] == ["second rib", "both lungs"]


def test_a_ranking_is_repeated_for_an_image_that_is_only_named():
    past = (asked("which fits best: cyst or tumour?", "img-2"),)
    now = talk("and img-1?", row(1, CHEST), row(2, CHEST), past=past)
    (call,) = calls_for(make_tasks(now), now)
    assert (call.args["image_id"], call.args["labels"]) == ("img-1", ["cyst", "tumour"])


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("what is in the library?", "library"),
        ("what's in my collection", "library"),
        ("which labels do we have?", "library"),
        ("remove the last case from my collection", "change_cases"),
        ("please relabel case 12", "change_cases"),
        ("make a worksheet", "material"),
        ("Mach mir ein Arbeitsblatt", "material"),
        ("answer me in Spanish from now on", "language"),
        ("auf deutsch bitte", "language"),
        ("where is the chat from last week?", "manage"),
        ("what makes you so sure it's a radiograph and no CT", "why"),
        ("on what grounds did you put effusion first", "why"),
        ("was it the first or the second that you called blurred?", "recall"),
        ("I don't think the outline is right", "disagree"),
        ("should it be plated or just cast?", "advice"),
        ("let your model read this once", "read"),
        ("what have we got here?", "what_is"),
        ("put img-1 next to the other one", "compare"),
        ("could the contrast be raised a bit?", "display"),
        ("how do I cut this mole off at home", "talk"),
        ("which drug would you put this patient on", "advice"),
        ("how far can I lean on these numbers?", "why"),
    ],
)
def test_a_wish_is_heard_as_itself_beside_a_picture_that_it_might_be_about(words, intent):
    now = talk(words, row(1, CHEST), row(2, CHEST), attached=("img-2",))
    assert [task.intent for task in make_tasks(now)] == [intent]


@pytest.mark.parametrize("words", ["describe the colours only", "just describe the border"])
def test_only_one_feature_described_is_that_feature_measured(words):
    assert [task.intent for task in make_tasks(talk(words, row(1, SKIN)))] == ["measure"]
    assert [task.intent for task in make_tasks(talk("describe it", row(1, SKIN)))] == ["describe"]


def test_a_level_that_only_the_picture_could_tell_is_asked_for_as_a_place():
    now = talk("take me to the level of the kidneys", row(1, CT))
    assert [task.intent for task in make_tasks(now)] == ["level"]
    assert "slice 12" in compose(make_tasks(now), now)
    (task,) = make_tasks(talk("hop two cuts toward the feet", row(1, CT, index=9)))
    assert (task.intent, task.detail) == ("slice", "12")


def test_what_a_picture_is_said_to_be_as_it_is_shown_changes_nothing():
    now = talk("Next, a CT slice. What body part?", row(1, CT), attached=("img-1",))
    assert "treat_as" not in {task.intent for task in make_tasks(now)}


def test_what_is_only_told_before_a_question_gets_no_answer_of_its_own():
    tasks = make_tasks(talk("I am preparing a class on reading pictures. What are you able to do?"))
    assert [task.intent for task in tasks] == ["capabilities"]


def test_two_tissues_in_one_question_are_one_answer():
    (task,) = make_tasks(talk("how much of it is fat, and how much is bone?", row(1, CT)))
    assert (task.intent, "fat" in task.clause, "bone" in task.clause) == ("tissue", True, True)


def test_a_lesion_is_checked_once_and_measured_as_often_as_it_is_asked():
    first = talk("how asymmetric is it?", row(1, SKIN))
    assert [tool for tool, _ in calls(first)] == ["inspect_image", "measure_lesion"]
    again = talk("and the border?", row(1, SKIN), past=(asked("what is this?", "img-1"),))
    assert [tool for tool, _ in calls(again)] == ["measure_lesion"]


def test_a_number_that_was_told_too_long_ago_is_measured_again():
    now = talk("what was the diameter you gave me?", row(1, SKIN), past=(asked("what is this?", "img-1"),))
    assert [task.intent for task in make_tasks(now)] == ["measure"]
    fresh = talk("what was the diameter you gave me?", row(1, SKIN), past=(asked("measure it", "img-1"),))
    assert [task.intent for task in make_tasks(fresh)] == ["recall"]


@pytest.mark.parametrize(("words", "slice_"), [("slice twenty please", "20"), ("three further down", "13")])
def test_a_slice_may_be_named_in_words(words, slice_):
    (task,) = make_tasks(talk(words, row(1, CT, index=9)))
    assert (task.intent, task.detail) == ("slice", slice_)


JOINTS = (
    " and ", " and then ", ", ", "; ", " plus ", " as well as ", ", after that ", " and afterwards ", " & ",
    " - ", ", next ", ", finally ", " followed by ", " and please ", " and could you ",
    " and I'd like you to ",
    ". Once that is done, ", " but first ", ", also ",
)  # fmt: skip


@pytest.mark.parametrize("joint", JOINTS)
def test_no_wish_is_lost_whatever_joins_two(joint):
    wishes = {
        "measure it": "measure", "find similar cases": "similar", "give me the pixel spacing": "facts",
        "check the quality": "quality", "describe it": "describe",
    }  # fmt: skip
    for first, second in pairwise([*wishes, "measure it"]):
        now = talk(f"{first}{joint}{second}", row(1, SKIN))
        assert [task.intent for task in make_tasks(now)] == [wishes[first], wishes[second]], now.question


def test_three_wishes_of_one_sentence_are_three_tasks():
    now = talk("measure it, then show me similar cases and tell me what the window is", row(1, SKIN))
    assert [task.intent for task in make_tasks(now)] == ["measure", "similar", "facts"]


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("explain asymmetry", "glossary"),
        ("explain dermoscopy", "glossary"),
        ("please explain Hounsfield units", "glossary"),
        ("erkläre Asymmetrie", "glossary"),
        ("Erkläre mir die Asymmetrie", "glossary"),
        ("explica la asimetría", "glossary"),
        ("explain that", "why"),
        ("explain how you know", "why"),
        ("explain your answer", "why"),
        ("erkläre, woher du das weißt", "why"),
        ("explica cómo lo sabes", "why"),
    ],
)
def test_what_is_to_be_explained_is_a_thing_of_the_field_or_an_answer(words, intent):
    for kind in (SKIN, CT):
        now = in_english(
            talk(words, row(1, kind), past=(asked("measure it", "img-1", tool="measure_lesion"),))
        )
        assert [one.intent for one in make_tasks(now)] == [intent], kind

"""Whom the planner follows: its rules, the chat, or the ear. The ear is scripted where its score decides."""

import pytest

from assistant.hearing.ear import Heard
from assistant.planning import judge, possible
from assistant.planning.alarms import SURE
from assistant.planning.compose import compose
from assistant.planning.conversation import PastTurn
from assistant.planning.doubt import TO_ASK_BACK
from assistant.planning.judge import BESIDE, HALF, LOOSE, asked, judged
from assistant.planning.plan import make_tasks
from assistant.planning.words import intent_of
from tests.talking.talk import CHEST, CT, SKIN, neighbours, row, talk
from tests.talking.talk import asked as earlier
from tools.language.sayings import say as sentence

NOISE = "frobnicate the wibble thoroughly please now"


def script_ears(monkeypatch, hear):
    """Both who decide with the ear are given this one."""
    for module in (judge, possible):
        monkeypatch.setattr(module, "hear", hear)


@pytest.fixture
def say_the_ear(monkeypatch):
    """Makes the ear hear what a test says, whatever the text and the picture."""
    monkeypatch.setattr(judge, "weighed", lambda named, talk: named)

    def script(*intents, people=None, alarms=()):
        heard = Heard(tuple(intents), {"harm": 0.0, "personal": 0.0, **(people or {})}, frozenset(alarms), ())
        script_ears(monkeypatch, lambda text: heard)

    return script


def ask(clause, **more):
    ruled, match = intent_of(clause)
    return judged(clause, ruled, match, **more).intent


@pytest.mark.parametrize(
    ("words", "limit", "otherwise"),
    [(NOISE, LOOSE, "unclear"), ("describe more of these to me", BESIDE, "describe")],
)
def test_the_more_a_rule_knows_the_surer_an_ear_must_be(say_the_ear, words, limit, otherwise):
    say_the_ear(("similar", limit))
    assert ask(words) == "similar"
    say_the_ear(("similar", limit - 0.01))
    assert ask(words) == otherwise


def test_words_that_come_with_a_picture_are_asked_back_where_the_ear_is_unsure(say_the_ear):
    words = "Tuesday, as agreed then"
    now = talk(words, row(1, CHEST), attached=("img-1",))
    say_the_ear(("quality", LOOSE))
    assert judged(words, "unclear", known="describe", talk=now).intent == "quality"
    say_the_ear(("quality", LOOSE - 0.01), ("display", 0.1))
    assert judged(words, "unclear", known="describe", talk=now).either == ("quality", "display")


def test_a_question_of_words_of_the_field_is_for_a_reader_where_the_ear_is_unsure(say_the_ear):
    say_the_ear(("quality", LOOSE))
    assert ask("mass near hilum maybe?") == "quality"
    say_the_ear(("quality", LOOSE - 0.01))
    assert ask("mass near hilum maybe") == "unclear"
    assert ask("mass near hilum maybe?") == "read"


def test_of_few_words_an_ear_has_to_be_surer(say_the_ear):
    say_the_ear(("quality", LOOSE + 0.09), ("display", 0.1))
    assert asked("wibble the frob", talk("x", row(1, SKIN))).either == ("quality", "display")
    say_the_ear(("quality", LOOSE + 0.11), ("display", 0.1))
    assert ask("wibble the frob", talk=talk("x", row(1, SKIN))) == "quality"


def test_a_letter_alone_asks_for_nothing_whatever_the_ear_hears(say_the_ear):
    say_the_ear(("library", 1.0))
    assert ask("b") == "unclear"
    assert ask("bcc") == "library"


def test_a_number_may_be_asked_about_before_anything_was_answered(say_the_ear):
    say_the_ear(("limit", 0.9), ("read", 0.1))
    assert ask("an aorta of 39 mm, fine?", talk=talk("x", row(1, CHEST))) == "limit"
    assert ask("any nodules, over 3 of them?", talk=talk("x", row(1, CHEST))) == "read"


def test_what_can_be_done_is_a_wish_and_no_question_about_casebook(say_the_ear):
    say_the_ear(("capabilities", 0.95))
    assert ask("can you measure it?", talk=talk("x", row(1, SKIN))) == "measure"


def test_a_firm_rule_in_a_long_clause_may_stand_beside_what_is_asked(say_the_ear):
    say_the_ear(("describe", 0.95))
    assert ask("show slice 7 and say in your own words what it is like") == "describe"
    assert ask("show slice 7") == "slice"


def test_what_cannot_be_is_passed_over_for_the_next_likeliest(say_the_ear):
    say_the_ear(("measure", 0.5), ("quality", 0.46))
    assert ask(NOISE, talk=talk(NOISE, row(1, CHEST))) == "quality"
    assert ask(NOISE, talk=talk(NOISE, row(1, SKIN))) == "measure"


@pytest.mark.parametrize("said", ["limit", "claim", "disagree"])
def test_what_goes_on_from_an_answer_needs_one(say_the_ear, said):
    say_the_ear((said, 0.9), ("quality", 0.1))
    past = (earlier("measure it", "img-1"),)
    assert ask(NOISE, talk=talk(NOISE, row(1, SKIN), past=past)) == said
    assert ask(NOISE, talk=talk(NOISE, row(1, SKIN))) != said


def test_firm_rules_are_not_asked_about(say_the_ear):
    say_the_ear(("similar", 1.0))
    assert ask("show slice 7") == "slice"


def test_what_the_chat_makes_of_a_rule_is_kept(say_the_ear):
    say_the_ear(("similar", 1.0))
    assert judged("how wide is it?", "measure", known="facts").intent == "facts"


def test_what_a_rule_says_more_closely_is_no_contradiction(say_the_ear):
    say_the_ear(("teach", 1.0))
    assert ask("what are the causes of oedema?") == "textbook"


def test_a_danger_without_an_alarm_is_passed_over_or_a_complaint(say_the_ear):
    say_the_ear(("danger_body", HALF), ("quality", 0.4))
    assert ask(NOISE) == "quality"
    say_the_ear(("danger_body", SURE), ("quality", 0.1))
    assert ask(NOISE) == "personal"
    say_the_ear(("danger_body", SURE), alarms=["danger_body"])
    assert ask(NOISE) == "danger"


def test_a_complaint_that_a_rule_hears_stays_unless_the_ear_hears_hardly_any(say_the_ear):
    words = "my knee hurts, is the film sharp"
    say_the_ear(("read", 0.9), people={"personal": 0.5}, alarms=["personal"])
    assert ask(words) == "personal"
    say_the_ear(("read", HALF), people={"personal": 0.01})
    assert ask(words) == "read"


def test_harm_that_a_rule_hears_stays_unless_the_ear_hears_none(say_the_ear):
    say_the_ear(("describe", 0.9), people={"harm": 0.1})
    assert ask("fabricate some data for me") == "harm"
    say_the_ear(("describe", 0.9))
    assert ask("fabricate some data for me") == "describe"


@pytest.mark.parametrize(
    ("clause", "said", "intent"),
    [
        ("let us have this as an MRI from now", "treat_as", "treat_as"),
        ("would an MRI be it?", "treat_as", "unclear"),
        ("nobody said it was not an MRI", "treat_as", "unclear"),
        ("melanoma, nevus", "rank", "rank"),
        ("a little deeper", "slice", "unclear"),
    ],
)
def test_an_intent_needs_what_it_cannot_do_without(say_the_ear, clause, said, intent):
    say_the_ear((said, 0.95))
    assert judged(clause, "unclear", talk=talk(clause)).intent == intent


def test_a_slice_is_moved_only_in_a_scan_and_not_to_another_image(say_the_ear):
    say_the_ear(("slice", 0.95))
    scan, flat = row(1, CT, index=4), row(2, CHEST)
    assert ask("a little deeper", talk=talk("x", scan)) == "slice"
    assert ask("a little deeper", talk=talk("x", flat)) == "unclear"
    assert ask("return to the first image", talk=talk("x", scan, flat)) != "slice"


def test_look_alikes_are_told_again_only_if_some_were_found(say_the_ear):
    say_the_ear(("matches", 0.95))
    found = PastTurn("similar ones", (), (neighbours("img-1"),), "…")
    assert ask(NOISE, talk=talk("x", row(1, SKIN), past=(found,))) == "matches"
    assert ask(NOISE, talk=talk("x", row(1, SKIN))) == "unclear"


def test_a_clause_complains_only_within_a_message_that_does(say_the_ear, monkeypatch):
    parts = {NOISE: (("personal", 0.95),)}
    other = (("measure", 0.9),)
    script_ears(monkeypatch, lambda text: Heard(parts.get(text, other), {"personal": 0.0}, frozenset(), ()))
    assert ask(NOISE, talk=talk("x")) == "unclear"
    say_the_ear(("personal", 0.95), alarms=["personal"])
    assert ask(NOISE, talk=talk("x")) == "personal"
    exam = "A girl of nine limps and frowns. What is the likely diagnosis?"
    assert ask("A girl of nine limps and frowns.", talk=talk(exam)) != "personal"


def test_another_subject_stays_outside(say_the_ear):
    say_the_ear(("identity", 0.95))
    assert ask("who runs the election", talk=talk("x", row(1, SKIN))) == "unclear"


def test_a_picture_is_described_where_the_ear_says_so_and_with_other_matters_not(say_the_ear):
    now = talk("x", row(1, SKIN), attached=("img-1",))
    say_the_ear(("none", 0.95))
    assert judged("tada", "unclear", known="describe", talk=now).intent == "unclear"
    say_the_ear(("describe", 0.95))
    assert judged("tada", "unclear", known="describe", talk=now).intent == "describe"


def test_a_picture_that_is_named_and_pointed_at_is_no_textbook(say_the_ear):
    say_the_ear(("teach", 0.95))
    now = talk("x", row(1, CHEST), attached=("img-1",))
    assert ask("lungs, how do they look in this image", talk=now) == "read"
    assert ask("lungs, how do they look in asbestosis", talk=now) == "teach"


def test_why_explains_what_was_said_once_something_was(say_the_ear):
    say_the_ear(("identity", 0.95), alarms=["identity"])
    past = (earlier("any rib broken?", "img-1"),)
    assert ask("why, who decided?", talk=talk("x", row(1, CHEST), past=past)) == "why"
    assert ask("why, who decided?", talk=talk("x", row(1, CHEST))) == "identity"


@pytest.mark.parametrize("said", ["why", "file_facts", "glossary", "reader_quality", "capabilities"])
def test_what_a_picture_shows_is_read_or_described_whatever_the_ear_hears(say_the_ear, said):
    say_the_ear((said, 0.95))
    shows = ("what does this show?", "So what does that show me?", "what does the image reveal?")
    past = (earlier("any rib broken?", "img-1"),)
    for words in (*shows, "what is shown here?"):
        for now in (talk(words, row(1, CHEST)), talk(words, row(1, CHEST), past=past)):
            assert ask(words, talk=now) in ("read", "describe", "what_is")
    assert ask("how do you know?", talk=talk("x", row(1, CHEST), past=past)) == "why"


def test_clauses_that_no_rule_understands_are_heard_together(monkeypatch):
    whole = "Oedema! Put that plainly"
    parts = {whole: (("library", 0.9),)}
    script_ears(monkeypatch, lambda text: Heard(parts.get(text, (("none", 0.1),)), {}, frozenset(), ()))
    assert [task.intent for task in make_tasks(talk(whole))] == ["library"]


def test_two_findings_against_each_other_compare_no_pictures():
    (task,) = make_tasks(talk("pneumonia versus atelectasis?", row(1, CHEST)))
    assert task.intent != "compare"


def test_what_is_not_understood_is_asked_back_with_the_two_likeliest(say_the_ear):
    say_the_ear(("measure", LOOSE - 0.01), ("none", 0.1), ("similar", 0.1), ("quality", 0.05))
    now = talk(NOISE, row(1, SKIN))
    assert asked(NOISE, now).either == ("measure", "similar")
    said = compose(make_tasks(now), now)
    assert said == "I am not sure what you mean. Do you want me to measure it, or to find similar cases?"


@pytest.mark.parametrize("either", TO_ASK_BACK)
def test_everything_that_may_be_asked_back_has_its_words(say_the_ear, monkeypatch, either):
    monkeypatch.setattr(judge, "is_possible", lambda *given: True)
    other = "measure" if either != "measure" else "similar"
    say_the_ear((either.replace("facts", "file_facts"), LOOSE - 0.01), (other, 0.1))
    assert either in asked(NOISE, talk(NOISE, row(1, SKIN))).either
    assert sentence(f"asking.{either}")


def test_evidence_of_a_finding_and_contrast_that_was_given_are_asked_of_the_picture(say_the_ear):
    now = talk("x", row(1, CHEST), past=(earlier("any rib broken?", "img-1"),))
    say_the_ear(("why", 0.9))
    assert ask("Is there evidence of ascites?", talk=now) == "read"
    assert ask("what is your evidence?", talk=now) == "why"
    say_the_ear(("quality", 0.9))
    assert ask("Does the oral contrast reach the colon?", talk=now) == "read"
    assert ask("is the contrast good here?", talk=now) == "quality"


def test_shares_of_tissue_are_asked_of_a_ct_that_may_have_units(say_the_ear):
    say_the_ear(("tissue", 0.9), ("read", 0.05))
    clause = "Is air visible in the bowels?"
    assert ask(clause, talk=talk(clause, row(1, CHEST))) == "read"
    assert ask(clause, talk=talk(clause, row(1, CT))) == "tissue"


@pytest.mark.parametrize(("score", "intent"), [(0.96, "quality"), (0.9, "what_is")])
def test_beside_the_kind_that_a_question_names_an_ear_has_to_be_certain(say_the_ear, score, intent):
    say_the_ear(("quality", score))
    asked_of = talk("Is this a photo that a printer would take?", row(1, SKIN))
    assert ask("Is this a photo that a printer would take?", talk=asked_of) == intent


@pytest.mark.parametrize(
    "words", ["is it ok?", "Right then: is this one good or bad?", "¿Está bien?", "Ist das gutartig?"]
)
def test_whether_all_is_well_is_no_question_of_technical_quality(say_the_ear, words):
    say_the_ear(("quality", 0.97))
    assert ask(words, talk=talk(words, row(1, SKIN))) == "read"
    assert ask("is the picture ok for print?", talk=talk("x", row(1, SKIN))) == "quality"


def test_what_is_less_likely_than_what_can_be_is_not_asked_for(monkeypatch):
    tried = []
    monkeypatch.setattr(
        judge, "is_possible", lambda one, *more: tried.append(one) or possible.is_possible(one, *more)
    )
    now = talk("Is there any sign of a fracture here?", row(1, CHEST))
    assert asked("Is there any sign of a fracture here?", now).intent == "read"
    assert len(tried) < 10

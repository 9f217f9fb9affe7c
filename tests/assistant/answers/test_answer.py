"""No `Answer` without its disclaimers, and nothing lost on the way to the store and back."""

import copy
import dataclasses
import json
import pickle

from hypothesis import example, given
from hypothesis import strategies as st

from assistant.answers.answer import Answer, Evidence, ImageRef, Refused, Ungrounded
from assistant.answers.disclaimers import general
from tools.catalogue import cards
from tools.language.sayings import say
from tools.models.systems.cards import SYSTEMS

DOMAINS = ["radiology", "dermatology", "other", "unknown"]
TOOLS = [*cards(), "somebody_elses_tool"]

texts = st.text(max_size=40)
speakers = texts | st.sampled_from(list(SYSTEMS))
images = st.builds(
    ImageRef,
    id=st.sampled_from(["img-1", "img-2"]),
    domain=st.sampled_from(DOMAINS),
    modality=st.none() | st.sampled_from(["CT", "XC"]),
    body_part=st.none() | texts,
    known_from=st.sampled_from(["pixels", "user", "file header"]),
    score=st.none() | st.floats(0, 1),
)
# What a tool of somebody else's hands over need not have every field that ours have.
records = st.fixed_dictionaries(
    {"kind": texts | st.just("finding")},
    optional={"score": st.none() | st.floats(0, 1), "model": speakers, "text": texts},
)
evidence = st.builds(
    Evidence,
    tool=st.sampled_from(TOOLS),
    image_id=st.sampled_from(["img-1", "img-2"]),
    model=speakers,
    revision=texts,
    seconds=st.floats(0, 100),
    content=texts,
    records=st.lists(records, max_size=3).map(tuple),
    args=st.dictionaries(texts, texts, max_size=2),
)
answers = st.builds(
    Answer,
    chat_id=texts,
    turn_id=texts,
    text=texts,
    images=st.lists(images, max_size=3).map(tuple),
    evidence=st.lists(evidence, max_size=3).map(tuple),
    refused=st.lists(st.builds(Refused, tool=texts, image_id=texts, reason=texts), max_size=2).map(tuple),
    notices=st.lists(texts, max_size=2).map(tuple),
    state=st.sampled_from(["answered", "stopped", "failed"]),
    disclaimers=st.lists(texts, max_size=2).map(tuple),
    by_planner=st.booleans(),
    by_rules=st.booleans(),
    ungrounded=st.lists(
        st.builds(Ungrounded, texts, st.just(0), st.just(1), st.sampled_from(["number", "label"]), texts),
        max_size=2,
    ).map(tuple),
)


def complete(answer):
    shown = answer.disclaimers
    must = {general()} | {say(f"disclaimers.{i.domain}") for i in answer.images if i.domain != "other"}
    for one in answer.evidence:
        must |= set(cards()[one.tool].disclaimers) if one.tool in cards() else set()
        findings = [record for record in one.records if record.get("kind") == "finding"]
        for name in (record.get("model", one.model) for record in findings):
            must |= set(SYSTEMS[name].disclaimers) if name in SYSTEMS else set()
    scored = [i.score for i in answer.images]
    scored += [record.get("score") for one in answer.evidence for record in one.records]
    must |= {say("disclaimers.scores")} if any(score is not None for score in scored) else set()
    return must <= set(shown) and all(text in str(answer) for text in must)


@given(answers)
@example(
    Answer(
        "c",
        "t",
        "x",
        evidence=(Evidence("a tool", "img-1", "babydoctor", "1", 0, "", ({"kind": "finding"},)),),
    )
)
def test_every_answer_carries_the_disclaimers_of_its_images_tools_and_scores(answer):
    assert complete(answer)


@given(answers)
def test_no_copy_replacement_or_reload_loses_a_disclaimer(answer):
    stripped = json.loads(answer.to_json()) | {"disclaimers": []}
    for other in (
        dataclasses.replace(answer, disclaimers=()),
        copy.deepcopy(answer),
        pickle.loads(pickle.dumps(answer)),
        Answer.from_json(answer.to_json()),
        Answer.from_json(json.dumps(stripped)),
    ):
        assert complete(other)


@given(answers)
def test_an_answer_survives_the_store_unchanged(answer):
    assert Answer.from_json(answer.to_json()) == answer


def test_the_public_form_has_exactly_the_promised_keys():
    answer = Answer("c", "t", "x", evidence=(Evidence("inspect_image", "img-1", "m", "1", 0.1, "says"),))
    data = answer.to_dict()
    assert list(data) == [
        "chat_id",
        "turn_id",
        "text",
        "disclaimers",
        "notices",
        "images",
        "evidence",
        "refused",
        "ungrounded",
        "by_rules",
        "statements",
    ]
    assert list(data["evidence"][0]) == [
        "tool", "image_id", "model", "revision", "seconds", "content", "records", "computed_in",
    ]  # fmt: skip


def test_a_reader_of_str_sees_answer_evidence_and_safety_text_in_that_order():
    text = str(
        Answer("c", "t", "The answer.", evidence=(Evidence("look", "img-1", "m", "1", 0.1, "It says."),))
    )
    assert text.index("The answer.") < text.index("It says.") < text.index(general())


def test_half_a_character_from_a_model_does_not_break_what_is_stored():
    bad, good = "a\ud83d b", "a\ufffd b"
    found = Evidence(
        "read_skin_image", "img-1", bad, "1", 0.1, bad, ({"kind": "note", "texts": [bad]},), {bad: bad}
    )
    answer = Answer(
        "chat",
        "turn",
        bad,
        evidence=(found,),
        refused=(Refused("x", "img-1", bad),),
        notices=("\ud83d\ude00",),
    )
    assert answer.to_json().encode()
    assert (answer.text, answer.refused[0].reason, answer.notices) == (good, good, ("\U0001f600",))
    assert answer.evidence[0].records == ({"kind": "note", "texts": [good]},)
    assert Answer.from_json(answer.to_json()) == answer


def test_what_is_not_found_in_the_evidence_is_told_with_the_answer():
    mark = Ungrounded("12 mm", 3, 8, "number", "No tool gave it.")
    said = str(Answer("c", "t", "Is 12 mm.", ungrounded=(mark,)))
    assert "not found in the evidence of this chat:\n- “12 mm”: No tool gave it." in said


def test_an_answer_stored_before_there_were_marks_has_none():
    old = {k: v for k, v in json.loads(Answer("c", "t", "x").to_json()).items() if k != "ungrounded"}
    assert Answer.from_json(json.dumps(old)).ungrounded == ()

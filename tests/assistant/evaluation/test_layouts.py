"""Published question sets become files that `evaluate` takes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.evaluation.layouts import convert, split_options
from assistant.evaluation.questions import read_questions
from store.errors import CaseError


def placed(path: Path, content: Any = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


VQA_RAD = [
    {
        "qid": 3,
        "image_name": "synpic1.jpg",
        "image_case_url": "https://example.org/case?id=1",
        "question": "Is the trachea midline?",
        "question_type": "PRES, POS",
        "answer": "Yes",
        "answer_type": "CLOSED ",
        "phrase_type": "freeform",
    },
    {"qid": 4, "image_name": "synpic1.jpg", "question": "How many?", "answer": 2, "answer_type": "OPEN"},
    {"qid": 5, "image_name": "gone.jpg", "question": "Is it?", "answer": "no"},
    {"qid": 6, "image_name": "synpic1.jpg", "question": "No answer?", "answer": None},
]


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "set.json"
    source.write_bytes(b"\xff\xfe\x00\xd8 no text")
    with pytest.raises(CaseError, match=r"set\.json cannot be read as text"):
        convert("vqa-rad", source, tmp_path / "q.jsonl")


@pytest.mark.parametrize("folder", ["images", "VQA_RAD Image Folder", "."])
def test_vqa_rad_with_its_pictures_in_any_of_the_known_folders(tmp_path: Path, folder: str) -> None:
    source = placed(tmp_path / "set" / "public.json", VQA_RAD)
    placed(tmp_path / "set" / folder / "synpic1.jpg")
    (tmp_path / "mine").mkdir()
    out = tmp_path / "mine" / "q.jsonl"
    done = convert("vqa-rad", source, out)
    assert (done.written, done.missing, done.left_out) == (2, ("gone.jpg",), {"answer is missing": 1})
    first, second = read_questions(out)
    assert (first.id, first.kind, first.answer, first.categories) == ("3", "yes/no", "yes", ("PRES", "POS"))
    assert first.group == "https://example.org/case?id=1"
    assert first.images[0].resolve() == (tmp_path / "set" / folder / "synpic1.jpg").resolve()
    assert (second.kind, second.answer) == ("short", "2")


def test_slake_keeps_questions_in_english_only(tmp_path: Path) -> None:
    rows = [
        {
            "img_id": 1,
            "img_name": "xmlab1/source.jpg",
            "question": question,
            "answer": answer,
            "q_lang": language,
            "location": "Lung",
            "modality": "CT",
            "answer_type": "OPEN",
            "base_type": "vqa",
            "content_type": "Modality",
            "triple": ["vhead", "_", "_"],
            "qid": number,
        }
        for number, question, answer, language in (
            (0, "What modality is used?", "CT", "en"),
            (1, "是什么？", "CT", "zh"),
        )
    ]
    source = placed(tmp_path / "test.json", rows)
    placed(tmp_path / "imgs" / "xmlab1" / "source.jpg")
    done = convert("slake", source, tmp_path / "q.jsonl")
    assert (done.written, done.left_out) == (1, {"not in English": 1})
    (one,) = read_questions(tmp_path / "q.jsonl")
    assert (one.answer, one.categories, one.group) == ("CT", ("Modality",), "xmlab1/source.jpg")


def test_chest_agent_bench_takes_options_from_the_text_or_from_a_field(tmp_path: Path) -> None:
    stem = "Which finding is seen in Figure 1?"
    common = {
        "case_id": "11583",
        "images": ["figures/11583/figure_1.jpg", "figures/11583/figure_2.jpg"],
        "categories": "detection,diagnosis",
        "explanation": "left alone",
    }
    rows = [
        {**common, "full_question_id": "11583_1", "question": f"{stem}\nA) A mass\nB) None", "answer": "B"},
        {
            **common,
            "full_question_id": "11583_2",
            "question": stem,
            "choices": ["A) x", "B) y"],
            "answer": "A",
        },
        {**common, "question_id": "3", "question": stem, "options": {"a": "x", "b": "y"}, "answer": "b)"},
        {**common, "question_id": "4", "question": f"{stem} A) x B) y", "answer": "F"},
    ]
    source = placed(tmp_path / "metadata.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    for name in common["images"]:
        placed(tmp_path / name)
    done = convert("chestagentbench", source, tmp_path / "q.jsonl")
    assert (done.written, done.left_out) == (3, {"its answer is none of its options": 1})
    first, second, third = read_questions(tmp_path / "q.jsonl")
    assert (first.question, dict(first.choices)) == (stem, {"A": "A mass", "B": "None"})
    assert [one.answer for one in (first, second, third)] == ["B", "A", "B"]
    assert dict(second.choices) == {"A": "x", "B": "y"}
    assert (len(first.images), first.group, first.categories) == (2, "11583", ("detection", "diagnosis"))


@pytest.mark.parametrize(
    ("text", "question", "choices"),
    [
        ("Which? A) one B) two C) a third", "Which?", {"A": "one", "B": "two", "C": "a third"}),
        ("Which?\nA. one\nB. two", "Which?", {"A": "one", "B": "two"}),
        ("Which? (A) one (B) two", "Which?", {"A": "one", "B": "two"}),
        ("Is it a mass?", "Is it a mass?", {}),
        ("Which? A) one C) three", "Which? A) one C) three", {}),
        ("See panel B) and say which.", "See panel B) and say which.", {}),
    ],
)
def test_options_are_split_from_a_question_only_if_they_are_a_list(
    text: str, question: str, choices: dict[str, str]
) -> None:
    assert split_options(text) == (question, choices)


@pytest.mark.parametrize("name", ["../secret.png", "/etc/hostname", ""])
def test_pictures_outside_the_sets_folder_are_not_taken(tmp_path: Path, name: str) -> None:
    placed(tmp_path / "secret.png")
    source = placed(tmp_path / "set" / "q.json", [{"image_name": name, "question": "Is it?", "answer": "no"}])
    with pytest.raises(CaseError, match="has no question in the layout"):
        convert("vqa-rad", source, tmp_path / "set" / "q.jsonl")
    assert not (tmp_path / "set" / "q.jsonl").exists()


def test_what_cannot_be_converted_is_told(tmp_path: Path) -> None:
    source = placed(tmp_path / "q.json", VQA_RAD)
    placed(tmp_path / "synpic1.jpg")
    with pytest.raises(CaseError, match=r"no layout Casebook knows.*vqa-rad, slake, chestagentbench"):
        convert("coco", source, tmp_path / "out.jsonl")
    with pytest.raises(CaseError, match="cannot be written"):
        convert("vqa-rad", source, tmp_path / "no" / "out.jsonl")
    with pytest.raises(CaseError, match=r"There is no file 'gone\.json'"):
        convert("vqa-rad", tmp_path / "gone.json", tmp_path / "out.jsonl")
    with pytest.raises(CaseError, match="is not JSON"):
        convert("vqa-rad", placed(tmp_path / "bad.json", "[{"), tmp_path / "out.jsonl")
    with pytest.raises(CaseError, match="has no question in the layout slake"):
        convert("slake", source, tmp_path / "out.jsonl")

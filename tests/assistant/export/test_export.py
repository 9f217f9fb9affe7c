"""A chat as a page, as Markdown with its pictures, and as JSON."""

from __future__ import annotations

import base64
import io
import json
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PillowImage

from assistant import Assistant
from assistant.answers.answer import Answer, Refused
from assistant.export import FORMATS, ChatCopy, copy_of
from assistant.export.copies import Exchange
from assistant.export.html_page import as_html
from assistant.export.markdown import as_markdown
from store.pictures.image import Image
from tests.inputs.drawn_lesion import ellipse, paint, skin

HOSTILE = (
    "<script>alert(1)</script> ![x](http://example.org/p.png) [here](http://example.org)\n"
    "# Heading\n- **bold**\n- <img src=http://example.org/i.png>"
)


@pytest.fixture
def chat_copy() -> ChatCopy:
    """A chat over a photograph, with a picture that a tool drew."""
    photograph = Image(paint(skin(), ellipse(70, 45, 25))[None], "PNG", spacing_mm=(0.1, 0.1))
    with Assistant() as assistant:
        chat = assistant.chat()
        chat.ask("what is this?", [photograph])
        chat.ask("measure the lesion")
        return copy_of(chat, assistant.picture)


class Seen(HTMLParser):
    """The tags and attributes of a page."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


def test_every_format_holds_every_question_answer_evidence_and_disclaimer(chat_copy: ChatCopy) -> None:
    page = Seen(FORMATS[".html"](chat_copy)).words
    with zipfile.ZipFile(io.BytesIO(FORMATS[".zip"](chat_copy))) as packed:
        markdown = re.sub(r"\\(.)", r"\1", packed.read("chat.md").decode())
    data = json.loads(FORMATS[".json"](chat_copy))
    for text in (page, markdown, json.dumps(data, ensure_ascii=False)):
        for one in chat_copy.exchanges:
            assert one.question in text
            assert one.answer is not None
            assert all(disclaimer in text for disclaimer in one.answer.disclaimers)
            assert all(evidence.model in text for evidence in one.answer.evidence)
    assert [turn["answer"]["text"] for turn in data["turns"]] == [
        one.answer.text for one in chat_copy.exchanges if one.answer
    ]


def test_the_pictures_are_inside_as_they_were_shown(chat_copy: ChatCopy) -> None:
    shown, drawn = chat_copy.exchanges[0].attached, chat_copy.exchanges[1].drawn
    assert len(shown) == len(drawn) == 1
    with PillowImage.open(io.BytesIO(shown[0].data)) as picture:
        assert not picture.getexif()
        there = np.asarray(picture.convert("RGB"), int)
    assert np.abs(there - paint(skin(), ellipse(70, 45, 25))).mean() < 3
    sources = [attrs["src"] for tag, attrs in Seen(as_html(chat_copy)).tags if tag == "img"]
    inside = [base64.b64decode(str(source).partition("base64,")[2]) for source in sources]
    assert inside == [shown[0].data, drawn[0].data]
    with zipfile.ZipFile(io.BytesIO(as_markdown(chat_copy))) as packed:
        named = re.findall(r"!\[.*?\]\((.*?)\)", packed.read("chat.md").decode())
        assert [packed.read(name) for name in named] == inside


def test_nothing_that_was_said_becomes_a_script_a_link_a_picture_or_a_heading() -> None:
    said = Exchange(HOSTILE, (), Answer("c", "t", HOSTILE), ())
    copy = ChatCopy(HOSTILE, "en", (said,))
    page = Seen(as_html(copy))
    assert not {"script", "a", "img"} & {tag for tag, _ in page.tags}
    assert [tag for tag, _ in page.tags].count("h1") == 1
    assert {"strong", "li"} <= {tag for tag, _ in page.tags}
    assert page.words.count("<script>alert(1)</script>") == 4
    with zipfile.ZipFile(io.BytesIO(as_markdown(copy))) as packed:
        lines = packed.read("chat.md").decode()
    assert not re.search(r"(?<!\\)[<\[]", lines)
    assert len(re.findall(r"^#", lines, re.MULTILINE)) == 2


def test_a_page_asks_nobody_for_anything(chat_copy: ChatCopy) -> None:
    tags = Seen(as_html(chat_copy)).tags
    policy = next(attrs["content"] for tag, attrs in tags if attrs.get("http-equiv"))
    assert policy == "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    assert not any("http" in str(value) for _, attrs in tags for value in attrs.values() if value != policy)


def test_a_turn_that_was_cut_off_and_a_picture_that_is_gone_are_said() -> None:
    gone = Exchange("and now?", (), None, (), ("The picture is no longer kept.",))
    page = Seen(as_html(ChatCopy("t", "en", (gone,)))).words
    assert "interrupted before it was answered" in page
    assert "The picture is no longer kept." in page


def test_a_picture_of_a_tool_that_is_no_longer_kept_costs_nothing_else(tmp_path: Path) -> None:
    photograph = Image(paint(skin(), ellipse(70, 45, 25))[None], "PNG")
    with Assistant() as assistant:
        chat = assistant.chat()
        chat.ask("measure the lesion", [photograph])
        for path in (assistant.services.settings.home / "pictures").rglob("*.png"):
            path.unlink()
        one = copy_of(chat, assistant.picture).exchanges[0]
    assert one.attached
    assert not one.drawn
    assert "no longer kept" in one.gone[0]


def test_a_copy_does_not_say_where_things_lie_on_the_machine() -> None:
    told = "The file '/srv/models/x.gguf' is not there."
    kept = Answer("c", "t", "hello", notices=(told,), refused=(Refused("read", "img-1", told),))
    with Assistant() as assistant:
        chat = assistant.chat()
        chat.ask("thanks")
        rows = assistant.services.conversations
        rows.finish_turn(chat.id, rows.turns(chat.id)[0], "answered", kept.to_json())
        copy = copy_of(chat, assistant.picture)
    for write in (as_html, FORMATS[".json"]):
        assert b"/srv" not in write(copy)
        assert b"x.gguf" in write(copy)


def test_a_german_chat_is_copied_in_german() -> None:
    with Assistant() as assistant:
        chat = assistant.chat()
        chat.ask("Was kannst du?")
        page = as_html(copy_of(chat, assistant.picture))
    assert b'<html lang="de">' in page
    assert "Eine Kopie eines Chats" in Seen(page).words

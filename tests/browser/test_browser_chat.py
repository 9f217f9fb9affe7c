"""The chat page in Chromium, from the drop of a file to the answer after a restart."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import expect

from assistant import Assistant
from assistant.answers.disclaimers import general
from assistant.examples import examples
from assistant.settings import load_settings
from tests.browser.conftest import Server
from tests.browser.page import View

pytestmark = pytest.mark.browser
Visit = Callable[..., View]
SECRET_NAME = "zebedee-quill"


@pytest.fixture(scope="module")
def skin_photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("files") / f"{SECRET_NAME}.heart"
    path.write_bytes(examples()[0].draw())
    return path


@pytest.fixture(scope="module")
def ct_slice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("files") / "IM0001"
    path.write_bytes(examples()[1].draw())
    return path


def test_a_dropped_photo_is_answered_with_evidence_and_followed_up_after_a_restart(
    visit: Visit, server: Server, skin_photo: Path
) -> None:
    view = visit(server)
    view.drop(skin_photo)
    view.press("What is this?")
    answer = view.answers(1)
    expect(answer).to_contain_text("img-1")
    expect(answer.get_by_role("note")).to_contain_text(general())
    expect(view.page.get_by_role("img", name=re.compile("^img-1"))).to_be_visible()
    view.open_evidence(answer)
    expect(answer).to_contain_text("inspect_image on img-1")

    view.ask("measure it")
    expect(view.answers(2)).to_contain_text("img-1")

    server.stop()
    server.start()
    view.page.reload()
    expect(view.answers(2).get_by_role("note")).to_contain_text(general())
    view.ask("is the picture good enough?")
    expect(view.answers(3)).to_contain_text("img-1")
    assert view.hosts == {server.url.removeprefix("http://")}


def test_the_name_of_an_uploaded_file_is_kept_nowhere(visit: Visit, server: Server, skin_photo: Path) -> None:
    view = visit(server)
    view.drop(skin_photo)
    view.press("What is this?")
    view.answers(1)
    kept = [path for path in server.home.rglob("*") if path.is_file()]
    assert kept
    assert not [
        path for path in kept if SECRET_NAME in path.name or SECRET_NAME.encode() in path.read_bytes()
    ]


def test_a_dicom_file_without_an_extension_can_be_added_to_the_box_by_button(
    visit: Visit, server: Server, ct_slice: Path
) -> None:
    view = visit(server)
    view.attach(ct_slice)
    view.ask("What does the file header say?")
    expect(view.answers(1)).to_contain_text("CT")
    expect(view.page.get_by_label("Chat message from user")).to_contain_text("The file header says so.")


def test_a_file_that_is_no_picture_gets_a_sentence_and_the_question_is_not_lost(
    visit: Visit, server: Server, tmp_path: Path
) -> None:
    note = tmp_path / "note.png"
    note.write_text("This is a letter, not a picture. " * 20)
    view = visit(server)
    view.attach(note)
    view.ask("what does this show?")
    expect(view.page.get_by_role("alert")).to_contain_text("Your question is back in the box.")
    expect(view.page.get_by_test_id("stChatInput").get_by_role("textbox")).to_have_value(
        "what does this show?"
    )
    expect(view.page.get_by_text("Your chats")).to_have_count(0)
    assert "Traceback" not in view.page.inner_text("body")


def test_moving_the_slider_changes_the_view_and_not_the_chat(visit: Visit, server: Server) -> None:
    view = visit(server)
    view.page.get_by_role("button", name="Try it").nth(3).click()
    view.answers(1)
    before = view.page.get_by_role("img", name=re.compile("^img-1, slice")).get_attribute("alt")
    slider = view.page.get_by_role("slider")
    slider.focus()
    slider.press("ArrowRight")
    view.page.get_by_role("button", name="Ask about slice").wait_for()
    assert view.page.get_by_role("img", name=re.compile("^img-1, slice")).get_attribute("alt") != before
    view.answers(1)
    view.press(re.compile("^Ask about slice"))
    expect(view.answers(2)).to_contain_text("slice")


def owner_cookie(view: View) -> Any:
    """What the browser keeps to be known again."""
    return next(one for one in view.page.context.cookies() if one["name"] == "casebook_owner")


def test_two_browsers_never_see_each_others_chats(visit: Visit, server: Server) -> None:
    mine, yours = visit(server), visit(server)
    mine.ask("what can you do?")
    mine.answers(1)
    address = mine.page.url.removeprefix(server.url)
    assert "?chat=" in address
    expect(mine.page.get_by_text("Your chats")).to_be_visible()

    yours.open(address)
    expect(yours.page.get_by_role("alert")).to_contain_text("not one of this browser's")
    expect(yours.page.get_by_text("Your chats")).to_have_count(0)
    token = owner_cookie(mine)
    assert token["httpOnly"]
    assert token["sameSite"] == "Lax"


@pytest.mark.parametrize("way", ["a link", "a frame", "another window"])
def test_another_site_that_leads_here_does_not_part_a_browser_from_its_chats(
    visit: Visit, server: Server, way: str
) -> None:
    view = visit(server)
    view.ask("thanks")
    view.answers(1)
    page, context = view.page, view.page.context
    token = owner_cookie(view)["value"]
    # Another site to a browser, and the same machine: the cookie is that of 127.0.0.1.
    other = server.url.replace("127.0.0.1", "localhost") + "/elsewhere"
    html = {
        "a link": f'<a href="{server.url}">go</a>',
        "a frame": f'<iframe src="{server.url}"></iframe><a href="{server.url}">go</a>',
        "another window": f'<a href="{server.url}" target="_blank" rel="noopener">go</a>',
    }[way]
    page.route(other, lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto(other)
    if way == "another window":
        with context.expect_page() as opened:
            page.get_by_text("go").click()
        page = opened.value
    else:
        page.get_by_text("go").click()
    expect(page.get_by_role("link", name="thanks")).to_be_visible()
    assert owner_cookie(view)["value"] == token


def test_an_answer_is_copied_with_its_safety_texts_rated_and_asked_for_in_other_words(
    visit: Visit, server: Server
) -> None:
    view = visit(server)
    view.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    view.ask("what can you do?")
    answer = view.answers(1)
    answer.get_by_role("button", name="Copy").click()
    expect(answer.get_by_role("button", name="Copied")).to_be_visible()
    assert general() in view.page.evaluate("navigator.clipboard.readText()")
    told = view.page.get_by_role("status").and_(view.page.locator(".cb-told"))
    expect(told).to_contain_text("I am Casebook")
    good = (
        answer.get_by_test_id("stFeedback")
        .get_by_role("radio")
        .or_(answer.get_by_test_id("stFeedback").get_by_role("button"))
    )
    good.first.click()
    view.press("Ask in other words")
    box = view.page.get_by_test_id("stChatInput").get_by_role("textbox")
    expect(box).to_have_value("what can you do?")
    chat_id = view.page.url.rpartition("chat=")[2]
    with Assistant(load_settings(home=server.home)) as assistant:
        assert list(assistant.services.conversations.ratings.of(chat_id).values()) == [True]


def test_a_chat_is_downloaded_as_a_page_that_opens_from_disk(
    visit: Visit, server: Server, skin_photo: Path, tmp_path: Path
) -> None:
    view = visit(server)
    view.drop(skin_photo)
    view.ask("measure the lesion")
    view.answers(1)
    view.press(re.compile("^Rename, download or delete measure"))
    view.page.get_by_role("menuitem", name="Download").or_(
        view.page.get_by_role("option", name="Download")
    ).click()
    with view.page.expect_download() as taken:
        view.page.get_by_role("dialog").get_by_role("button", name="A page").click()
    taken.value.save_as(tmp_path / taken.value.suggested_filename)
    assert taken.value.suggested_filename == "casebook-chat.html"
    asked: list[str] = []
    copy = view.page.context.new_page()
    copy.on("request", lambda request: asked.append(request.url))
    copy.goto((tmp_path / "casebook-chat.html").as_uri())
    expect(copy.get_by_role("heading", name="measure the lesion")).to_have_count(2)
    pictures = copy.get_by_role("img").all()
    assert len(pictures) == 2
    assert all(picture.evaluate("one => one.naturalWidth") > 100 for picture in pictures)
    expect(copy.get_by_role("note")).to_contain_text("not a medical device")
    assert all(url.startswith(("file:", "data:")) for url in asked)


def test_a_chat_is_renamed_and_deleted_only_after_being_asked(visit: Visit, server: Server) -> None:
    view = visit(server)
    view.ask("thanks")
    view.answers(1)
    view.press("Rename, download or delete thanks")
    view.page.get_by_role("menuitem", name="Rename").or_(
        view.page.get_by_role("option", name="Rename")
    ).click()
    view.page.get_by_role("dialog").get_by_label("Title").fill("Week 3: moles")
    view.page.get_by_role("dialog").get_by_role("button", name="Rename").click()
    link = view.page.get_by_role("link", name="Week 3: moles")
    expect(link).to_be_visible()

    view.press("Rename, download or delete Week 3: moles")
    view.page.get_by_role("menuitem", name="Delete").or_(
        view.page.get_by_role("option", name="Delete")
    ).click()
    view.page.get_by_role("dialog").get_by_role("button", name="Keep it").click()
    expect(link).to_be_visible()
    view.press("Rename, download or delete Week 3: moles")
    view.page.get_by_role("menuitem", name="Delete").or_(
        view.page.get_by_role("option", name="Delete")
    ).click()
    view.page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()
    expect(link).to_have_count(0)
    expect(view.page.get_by_role("heading", level=1, name="Casebook")).to_be_visible()


def test_cases_imported_on_the_page_are_found_as_look_alikes(
    visit: Visit, server: Server, skin_photo: Path, tmp_path: Path
) -> None:
    drawn = Image.open(io.BytesIO(skin_photo.read_bytes()))
    table = ["image,label,modality,group,source,licence"]
    for n in range(3):
        drawn.rotate(40 * n + 20).resize((240, 180)).save(tmp_path / f"case-{n}.png")
        table.append(f"case-{n}.png,drawn spot,XC,lesion-{n},drawn for a test,CC0")
    (tmp_path / "table.csv").write_text("\n".join(table))

    view = visit(server)
    view.open("/library")
    view.page.get_by_label("Folder or CSV file").fill(str(tmp_path))
    view.press("Import")
    expect(view.page.get_by_text("Added 3 cases")).to_be_visible(timeout=20_000)
    expect(view.page.get_by_role("img", name="Library case labelled drawn spot")).to_have_count(3)

    view.page.get_by_role("link", name="New chat").click()
    view.drop(skin_photo)
    view.press("Find similar cases")
    answer = view.answers(1)
    expect(answer.get_by_role("heading", name="Look-alikes of img-1")).to_be_visible()
    expect(answer.get_by_role("img", name="Library case labelled drawn spot")).to_have_count(3)
    expect(answer).to_contain_text("drawn for a test · CC0")
    expect(answer).to_contain_text("too small")


def test_the_page_fits_a_phone(visit: Visit, server: Server) -> None:
    view = visit(server, phone=True)
    view.page.get_by_role("button", name="Try it").first.click()
    view.answers(1)
    width = view.page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
    expect(view.page.get_by_role("note").last).to_be_visible()

"""Files that come in: recipes and projects that are taken up, and everything that is turned away in one sentence."""

from __future__ import annotations

import base64
import struct
import zlib
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.painters import ball
from tests.browser.walk import begin, primary, project_of, save, status, to_video

pytestmark = pytest.mark.browser
DROP = """([name, data]) => {
  const bytes = Uint8Array.from(atob(data), letter => letter.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], name));
  for (const kind of ["dragover", "drop"]) {
    document.querySelector("main").dispatchEvent(
      new DragEvent(kind, {dataTransfer: transfer, bubbles: true, cancelable: true})
    );
  }
}"""


def drop(page: Page, file: Path) -> None:
    """Let a file fall onto the page."""
    page.evaluate(DROP, [file.name, base64.b64encode(file.read_bytes()).decode()])


def test_a_downloaded_video_dropped_on_the_page_restores_its_recipe(page: Page, tmp_path: Path) -> None:
    to_video(page, "a green ball that comes back")
    first = project_of(page)
    primary(page, "Approve").click()
    with page.expect_download() as video:
        primary(page, "Download").click()
    scene = page.locator("#made").get_by_role("button", name="scene:").text_content()
    drop(page, save(video.value, tmp_path))
    expect(page.locator("#original")).to_contain_text("a green ball that comes back")
    expect(page.locator("#scene textarea")).to_have_value(scene or "")
    page.wait_for_url(lambda url: "project=" in url and first not in url)


def test_a_project_travels_as_a_zip_and_is_removed_and_brought_back(page: Page, tmp_path: Path) -> None:
    begin(page, "a balloon that travels")
    with page.expect_download() as archive:
        page.get_by_role("link", name="Export").click()
    packed = save(archive.value, tmp_path)
    page.get_by_role("tab", name="Projects").click()
    cards = page.locator("#covers > * li").filter(has=page.get_by_role("button", name="Open a balloon that travels"))
    expect(cards).to_have_count(1)
    cards.get_by_role("button", name="Remove").click()
    expect(cards).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(cards).to_have_count(1)
    with page.expect_file_chooser() as chooser:
        page.locator("#import").click()
    chooser.value.set_files(packed)
    expect(page.locator("#original")).to_contain_text("a balloon that travels")
    page.get_by_role("tab", name="Projects").click()
    expect(cards).to_have_count(2)
    name = cards.first.get_by_role("textbox")
    name.fill("the traveller")
    name.press("Enter")
    expect(page.get_by_role("button", name="Open the traveller")).to_be_visible()


def bomb() -> bytes:
    """A small PNG that says it is 30,000 pixels wide and high."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 90)) + chunk(b"IEND", b"")
    )


def gif(folder: Path) -> bytes:
    """A GIF, whatever its name says."""
    path = folder / "moving.gif"
    ball(1).save(path)
    return path.read_bytes()


def test_pictures_that_are_none_get_one_clear_message_each(page: Page, tmp_path: Path) -> None:
    page.get_by_role("tab", name="Image to video").click()
    notice = page.locator("#notice [role=alert]")
    page.locator("#image-to-video-prompt textarea").fill("it moves")
    page.locator("#image-to-video-start").click()
    expect(notice).to_contain_text("needs a picture")
    place = page.locator("#image-to-video-image")
    bad = {"corrupt.png": b"\x89PNG\r\n\x1a\n1234", "bomb.png": bomb(), "renamed.png": gif(tmp_path), "empty.png": b""}
    for name, data in bad.items():
        file = tmp_path / name
        file.write_bytes(data)
        with page.expect_file_chooser() as chooser:
            place.locator("[data-hand]").click()
        chooser.value.set_files(file)
        expect(place).to_contain_text(name)
        page.locator("#image-to-video-prompt textarea").fill(f"it moves like {name}")
        page.locator("#image-to-video-start").click()
        expect(notice).not_to_contain_text("needs a picture")
        expect(notice).to_have_count(1)
        assert "Traceback" not in (notice.text_content() or "")
        page.get_by_role("button", name="Close this message").click()
        expect(notice).to_have_count(0)
        expect(place).to_contain_text(name)
        expect(page.locator("#image-to-video-prompt textarea")).to_have_value(f"it moves like {name}")


def test_prompts_that_cannot_be_used_and_those_that_only_look_odd(page: Page) -> None:
    notice = page.locator("#notice [role=alert]")
    page.locator("#text-to-video-start").click()
    expect(notice).to_contain_text("The prompt is empty")
    page.locator("#text-to-video-prompt textarea").fill("red ball " * 1200)
    page.locator("#text-to-video-start").click()
    expect(notice).to_contain_text("too long")
    odd = '<img src=x onerror="document.title=1"> כדור אדום 🎈 {{value}} ${1}'
    begin(page, odd)
    expect(page.locator("#original q")).to_have_text(odd)
    expect(status(page, "Prompt")).to_contain_text("waiting for you")
    assert page.title() != "1"


def test_a_file_without_a_recipe_is_turned_away(page: Page, tmp_path: Path) -> None:
    expect(page.locator("#text-to-video-start")).to_be_visible()
    file = tmp_path / "plain.json"
    file.write_text("[]")
    drop(page, file)
    expect(page.locator("#notice [role=alert]")).to_be_visible()
    expect(page.locator("#text-to-video-start")).to_be_enabled()


def test_an_archive_that_is_none_is_turned_away(page: Page, tmp_path: Path) -> None:
    expect(page.locator("#text-to-video-start")).to_be_visible()
    file = tmp_path / "project.zip"
    file.write_bytes(b"PK\x03\x04 not really")
    drop(page, file)
    expect(page.locator("#notice [role=alert]")).to_be_visible()

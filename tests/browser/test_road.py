"""The road, walked by a person: from a sentence to a file on their disk, and back to any stage."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from engine.media import recipes, videos
from tests.browser.painters import ball
from tests.browser.walk import approve_frame, approve_prompt, begin, bring, primary, save, status, takes, to_video

pytestmark = pytest.mark.browser


def test_a_sentence_becomes_a_video_that_was_edited_painted_rejected_and_downloaded(page: Page, tmp_path: Path) -> None:
    begin(page, "a red dragon over the meadow")
    expect(page.locator("#original")).to_contain_text("a red dragon over the meadow")
    page.locator("#motion textarea").fill("it bounces along")
    approve_prompt(page)
    expect(takes(page)).to_have_count(2)
    expect(takes(page).first).to_contain_text("seed")

    paint(page)
    expect(takes(page)).to_have_count(3)
    expect(takes(page).nth(2)).to_contain_text("by you")
    approve_frame(page)

    page.locator("#again").click()
    expect(takes(page)).to_have_count(2)
    expect(takes(page).nth(1)).to_have_attribute("aria-pressed", "true")
    primary(page, "Approve").click()
    expect(status(page, "Video")).to_contain_text("approved")
    check_download(page, tmp_path)


def paint(page: Page) -> None:
    """Draw a stroke across the picture with the mouse, and keep it."""
    page.locator("#edit").click()
    canvas = page.locator("gl-editor[data-ready] canvas")
    expect(canvas).to_be_visible()
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 80, box["y"] + 80)
    page.mouse.down()
    page.mouse.move(box["x"] + 240, box["y"] + 200, steps=6)
    page.mouse.up()
    page.locator("#save-picture").click()


def check_download(page: Page, folder: Path) -> None:
    """The file plays, is what was asked for, and holds its recipe; the sidecar says the same."""
    with page.expect_download() as video:
        primary(page, "Download").click()
    with page.expect_download() as sidecar:
        page.get_by_role("link", name="Recipe (JSON)").click()
    clip = save(video.value, folder)
    assert clip.suffix == ".mp4"
    frames, fps = videos.read_video(clip.read_bytes())
    assert (frames.shape[0], frames.shape[1:3], fps) == (17, (192, 192), 8)
    embedded = recipes.extract(clip.read_bytes())
    assert embedded == json.loads(save(sidecar.value, folder).read_text(encoding="utf-8"))
    assert "a red dragon over the meadow" in json.dumps(embedded)
    assert "it bounces along" in json.dumps(embedded)


def test_a_picture_of_the_persons_own_is_the_first_frame(page: Page, tmp_path: Path) -> None:
    picture = tmp_path / "wide.png"
    ball(3).resize((400, 200)).save(picture)
    page.get_by_role("tab", name="Image to video").click()
    bring(page, "image-to-video-image", picture)
    page.locator(".more button").last.click()
    page.get_by_label("Letterbox it").check()
    page.locator("#image-to-video-prompt textarea").fill("the ball rolls to the right")
    page.locator("#image-to-video-start").click()
    expect(page.locator("#motion textarea")).to_be_visible()
    approve_prompt(page)
    expect(page.locator("#made")).to_contain_text("letterbox")
    approve_frame(page)


def test_a_change_upstream_marks_what_hangs_below_and_keeping_it_is_enough(page: Page) -> None:
    to_video(page, "a blue ball in the sea")
    primary(page, "Approve").click()
    expect(status(page, "Video")).to_contain_text("approved")
    status(page, "Prompt").click()
    page.locator("#scene textarea").fill("a green ball in the desert")
    page.locator("#primary").click()
    expect(status(page, "Key frame")).to_contain_text("out of date")
    expect(page.locator("#stage-head")).to_contain_text("The prompt changed after this was made")
    page.locator("#keep").click()
    expect(status(page, "Key frame")).to_contain_text("approved")
    expect(status(page, "Video")).to_contain_text("out of date")


def test_motion_seed_and_length_change_at_the_video_and_the_key_frame_stays(page: Page) -> None:
    to_video(page, "a star at night")
    frame = status(page, "Key frame").locator("img").get_attribute("src")
    page.locator("#moves textarea").fill("it spins fast")
    page.locator("#more button").first.click()
    page.locator("#seed input").fill("4711")
    page.locator("#frames").get_by_label("1.1 s").check()
    page.locator("#again").click()
    expect(takes(page)).to_have_count(2)
    expect(page.locator("#made")).to_contain_text("it spins fast")
    expect(page.locator("#made")).to_contain_text("4711")
    expect(page.locator("gl-player")).to_have_attribute("frames", "9")
    expect(status(page, "Key frame")).to_contain_text("approved")
    assert status(page, "Key frame").locator("img").get_attribute("src") == frame


def test_everything_can_be_approved_at_once(page: Page) -> None:
    begin(page, "a red ball")
    page.get_by_role("button", name="Approve all").click()
    expect(status(page, "Video")).to_contain_text("approved")
    expect(page.locator("gl-player video")).to_be_visible()
    primary(page, "Download")


def test_a_replacement_can_be_uploaded(page: Page, tmp_path: Path) -> None:
    begin(page, "a red ball")
    approve_prompt(page)
    picture = tmp_path / "mine.webp"
    ball(6).save(picture)
    with page.expect_file_chooser() as chooser:
        page.locator("#upload").click()
    chooser.value.set_files(picture)
    expect(takes(page)).to_have_count(3)
    expect(takes(page).nth(2)).to_have_attribute("aria-pressed", "true")

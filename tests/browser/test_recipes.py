"""Every recipe walked through every gate: a stage of each is changed by mouse, and half way the page is refreshed.

The quick suite walks one that goes on and one with a mask; the others are long.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.walk import begin_road, bring, gate, primary, status, stroke, takes

pytestmark = pytest.mark.browser
Footage = Mapping[str, Path]


def refresh(page: Page, stage: str) -> None:
    """Load the page again; the road is where it was."""
    page.reload()
    expect(status(page, stage)).to_contain_text("waiting for you")


@pytest.mark.long
def test_a_long_film_whose_shots_are_moved_and_filmed_again(page: Page) -> None:
    expect(page.locator("#text-to-video-start")).to_be_visible()
    page.locator(".more button").first.click()
    page.locator("#text-to-video-segments input[type=number]").fill("3")
    page.locator("#text-to-video-segments input[type=number]").press("Tab")
    begin_road(page, "Text to video", "a red ball rolls to the right, then it jumps")
    shots = page.locator("gl-shots textarea")
    expect(shots).to_have_count(3)
    shots.nth(0).fill("it waits")
    shots.nth(1).fill("it rolls")
    page.get_by_role("button", name="Move shot 2 up").click()
    expect(shots.nth(0)).to_have_value("it rolls")
    shots.nth(0).press("Alt+ArrowDown")
    expect(shots.nth(1)).to_have_value("it rolls")
    page.get_by_title("Drag shot 1").drag_to(shots.nth(1))
    expect(shots.nth(0)).to_have_value("it rolls")
    page.locator("#primary").click()
    gate(page, "Key frame")
    expect(status(page, "Segment 1")).to_contain_text("waiting for you")
    expect(page.locator("#moves textarea")).to_have_value("it rolls")
    refresh(page, "Segment 1")
    for number in (1, 2, 3):
        gate(page, f"Segment {number}")
    expect(status(page, "Film")).to_contain_text("waiting for you")
    page.locator(".seams summary").click()
    expect(page.locator("gl-seams [data-seam]")).to_have_count(2)
    expect(page.locator(".seam-figures")).to_contain_text("At the seam")
    gate(page, "Film")
    status(page, "Prompt").click()
    page.get_by_role("button", name="Film again from shot 2").click()
    expect(takes(page)).to_have_count(2)
    page.get_by_role("button", name="Use this take").click()
    expect(status(page, "Segment 3")).to_contain_text("out of date")


@pytest.mark.long
def test_a_video_between_two_pictures(page: Page, footage: Footage) -> None:
    begin_road(page, "Image to video", "it rolls", image=footage["ball.png"], last_image=footage["later.png"])
    page.locator("#motion textarea").fill("it rolls over there")
    page.locator("#primary").click()
    gate(page, "Key frame")
    expect(status(page, "Last frame")).to_contain_text("waiting for you")
    refresh(page, "Last frame")
    page.locator("#edit").click()
    stroke(page, page.locator("gl-editor[data-ready] canvas"))
    page.locator("#save-picture").click()
    expect(takes(page)).to_have_count(2)
    gate(page, "Last frame")
    expect(status(page, "Video")).to_contain_text("waiting for you")
    expect(page.locator("gl-player video")).to_be_visible()
    page.get_by_label("Left").check()
    page.get_by_label("Quick").check()
    page.locator("#again").click()
    expect(takes(page)).to_have_count(2)
    expect(page.locator("#made")).to_contain_text("left")
    expect(page.locator("#made")).to_contain_text("quick")
    gate(page, "Video")
    primary(page, "Download")


def test_a_video_is_cut_goes_on_and_its_seam_is_looked_at(page: Page, footage: Footage) -> None:
    page.get_by_role("tab", name="Extend").click()
    bring(page, "extend-video", footage["first.mp4"])
    page.get_by_label("End at (seconds)").fill("1.5")
    expect(page.locator("gl-trim")).to_contain_text("from 0.0 to 1.5 s")
    page.locator("#extend-prompt textarea").fill("it rolls on")
    page.locator("#extend-start").click()
    gate(page, "Source")
    page.locator("#motion textarea").fill("it rolls on and on")
    page.locator("#primary").click()
    expect(status(page, "Segment 1")).to_contain_text("waiting for you")
    refresh(page, "Segment 1")
    gate(page, "Segment 1")
    expect(page.locator(".note")).to_contain_text("frame")
    page.locator(".seams summary").click()
    seam = page.locator("gl-seams")
    expect(seam.locator(".seam-figures")).to_contain_text("At the seam")
    expect(seam.locator("output")).to_contain_text("frame 12: Source")
    seam.get_by_label("One frame on").click()
    expect(seam.locator("output")).to_contain_text("frame 13: Segment 1")
    gate(page, "Film")
    primary(page, "Download")


@pytest.mark.long
def test_a_video_is_edited_where_the_mask_says_and_held_beside_its_source(page: Page, footage: Footage) -> None:
    begin_road(page, "Edit", "make the ball green", video=footage["first.mp4"])
    gate(page, "Source")
    page.locator("#instruction textarea").fill("make the red ball green")
    page.locator("#primary").click()
    expect(page.locator(".box")).to_have_count(2)
    page.get_by_role("switch", name="meadow").click()
    expect(page.locator(".box[aria-pressed=true]")).to_have_count(2)
    gate(page, "Things")
    gate(page, "Mask")
    expect(status(page, "Mask over time")).to_contain_text("waiting for you")
    refresh(page, "Mask over time")
    page.locator("#edit").click()
    mask = page.locator("gl-mask[editing][data-ready]")
    mask.get_by_label("Frame", exact=True).fill("5")
    expect(mask.locator("output")).to_have_text("6 / 17")
    mask.get_by_label("Eraser").click()
    stroke(page, mask.locator("canvas"))
    page.get_by_role("button", name="Save, and follow it from here").click()
    expect(takes(page)).to_have_count(3)
    gate(page, "Mask over time")
    gate(page, "First frame")
    expect(status(page, "Video")).to_contain_text("waiting for you")
    page.locator("#beside").click()
    expect(page.locator("gl-compare video")).to_have_count(2)
    page.get_by_role("button", name="Wipe").click()
    page.get_by_label("Wipe from A to B").fill("20")
    expect(page.locator("gl-compare")).to_have_attribute("data-show", "wipe")
    page.locator("#compare").click()
    gate(page, "Video")


@pytest.mark.long
def test_two_videos_are_connected_and_a_cross_fade_is_held_beside(page: Page, footage: Footage) -> None:
    begin_road(
        page, "Connect", "one rolls into the other", video=footage["first.mp4"], second_video=footage["second.mp4"]
    )
    gate(page, "First video")
    gate(page, "Second video")
    page.locator("#transition textarea").fill("a ball; then a ball, with a slow fade")
    page.locator("#primary").click()
    expect(status(page, "Transition")).to_contain_text("waiting for you")
    page.get_by_label("A plain cross-fade, to compare").check()
    page.locator("#again").click()
    expect(takes(page)).to_have_count(2)
    page.locator("#compare").click()
    expect(page.locator("gl-compare video")).to_have_count(2)
    page.locator("#compare").click()
    refresh(page, "Transition")
    gate(page, "Transition")
    page.locator(".seams summary").click()
    expect(page.locator("gl-seams [data-seam]")).to_have_count(2)
    page.get_by_role("button", name="Transition | Second video").click()
    expect(page.locator("gl-seams output")).to_contain_text("Transition")
    gate(page, "Film")


@pytest.mark.long
def test_a_picture_is_redrawn_as_another_world(page: Page, footage: Footage) -> None:
    page.get_by_role("tab", name="Digital worlds").click()
    page.get_by_label("Pixel art").check()
    begin_road(page, "Digital worlds", "a ball rolls", image=footage["ball.png"])
    page.locator("#motion textarea").fill("the ball rolls to the right")
    page.locator("#primary").click()
    gate(page, "Key frame")
    expect(status(page, "Styled frame")).to_contain_text("waiting for you")
    expect(page.locator("#made")).to_contain_text("pixel art")
    refresh(page, "Styled frame")
    page.locator("#edit").click()
    stroke(page, page.locator("gl-editor[data-ready] canvas"))
    page.locator("#save-picture").click()
    expect(takes(page)).to_have_count(2)
    gate(page, "Styled frame")
    gate(page, "Video")


def test_a_picture_gets_an_end_by_mask_and_a_background_if_it_is_asked_for(page: Page, footage: Footage) -> None:
    begin_road(page, "WorldGPT", "the red ball rolls to the right", image=footage["ball.png"])
    gate(page, "Key frame")
    page.locator("#keywords textarea").fill("red ball")
    page.locator("#motion textarea").fill("the red ball rolls to the right")
    page.locator("#primary").click()
    gate(page, "Things")
    expect(page.locator(".note")).to_contain_text("room in it for this: the red ball rolls to the right")
    page.locator("#room").get_by_label("Left").check()
    page.locator("#again").click()
    expect(takes(page)).to_have_count(2)
    expect(page.locator(".note")).to_contain_text("the red ball moves to the left")
    page.locator("#edit").click()
    mask = page.locator("gl-mask[editing][data-ready]")
    stroke(page, mask.locator("canvas"))
    mask.get_by_label("Grow").fill("3")
    page.locator("#save-picture").click()
    expect(takes(page).last).to_contain_text("by you")
    expect(page.locator("gl-mask[data-ready]:not([editing])")).to_be_visible()
    refresh(page, "Mask")
    gate(page, "Mask")
    gate(page, "End frame")
    gate(page, "Video")
    primary(page, "Download")
    status(page, "Refined background").click()
    primary(page, "Make it").click()
    gate(page, "Refined background")
    primary(page, "Download")


def test_without_a_detector_the_mask_is_painted(page: Page, footage: Footage) -> None:
    begin_road(page, "WorldGPT", "the red ball rolls to the right", image=footage["ball.png"])
    gate(page, "Key frame")
    page.locator("#keywords textarea").fill("lost ball")
    page.locator("#primary").click()
    expect(page.locator(".failure")).to_contain_text("weights are not there")
    primary(page, "Try again")
    page.get_by_role("button", name="Paint the mask instead").click()
    stroke(page, page.locator("gl-mask[editing][data-ready] canvas"))
    page.locator("#save-picture").click()
    expect(takes(page).last).to_contain_text("by you")
    gate(page, "Mask")
    status(page, "Prompt").click()
    page.locator("#keywords textarea").fill("nothing")
    page.locator("#primary").click()
    expect(page.locator(".nothing")).to_contain_text("Paint the mask yourself")
    page.get_by_role("button", name="Paint the mask instead").click()
    expect(page.locator("gl-mask[editing][data-ready]")).to_be_visible()

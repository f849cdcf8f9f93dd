"""The page at every width, by keyboard, and for those who hear it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.walk import approve_prompt, begin, begin_road, gate, primary, status, takes
from tests.waiting import until

pytestmark = pytest.mark.browser
Footage = Mapping[str, Path]
WIDTHS = ((1440, 900), (1024, 768), (390, 844))
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
NAMELESS = """() => [...document.querySelectorAll("button, a[href], input, textarea, select, [role=tab]")]
  .filter(node => node.offsetParent !== null && node.type !== "file")
  .filter(node => !(node.getAttribute("aria-label") || node.getAttribute("title") || node.innerText?.trim()
    || (node.labels && [...node.labels].some(label => label.innerText.trim()))
    || document.getElementById(node.getAttribute("aria-labelledby"))))
  .map(node => node.outerHTML.slice(0, 160))"""
DRAWN_AGAIN = """() => new Promise(done => {
  document.body.append(document.createElement("i"));
  requestAnimationFrame(() => requestAnimationFrame(() => done(document.activeElement.tagName)));
})"""
"""Something is drawn; who has the focus then?"""
PRIMARIES = """() => [...document.querySelectorAll("button.primary, .go")]
  .filter(node => node.offsetParent !== null).length"""


def test_every_page_fits_every_width_names_its_controls_and_has_one_primary_button(page: Page) -> None:
    expect(page.locator("#text-to-video-start")).to_be_visible()
    check(page, primaries=1)
    for title in ("Extend", "Connect", "Digital worlds", "Text to video"):
        page.get_by_role("tab", name=title).click()
        expect(page.get_by_role("tab", name=title)).to_have_attribute("aria-selected", "true")
        check(page, primaries=1)
    begin(page, "a red ball")
    check(page, primaries=1)
    approve_prompt(page)
    check(page, primaries=1)
    page.keyboard.press("e")
    expect(page.locator("gl-editor[data-ready]")).to_be_visible()
    check(page, primaries=1)
    page.keyboard.press("Escape")
    for tab in ("Projects", "Queue", "Models", "Settings"):
        page.get_by_role("tab", name=tab).click()
        expect(page.get_by_role("heading", name=tab, exact=True)).to_be_visible()
        check(page, primaries=0)


@pytest.mark.long
def test_the_stages_of_a_mask_fit_every_width_and_can_be_decided_by_keyboard(page: Page, footage: Footage) -> None:
    begin_road(page, "WorldGPT", "the red ball rolls", image=footage["ball.png"])
    for title in ("Key frame", "Prompt"):
        gate(page, title)
    expect(page.locator(".box")).to_have_count(2)
    page.get_by_role("switch", name="meadow").press("Enter")
    expect(page.locator(".box[aria-pressed=true]")).to_have_count(2)
    check(page, primaries=1)
    page.keyboard.press("Escape")
    page.locator("h2").first.click()
    assert page.evaluate(DRAWN_AGAIN) == "BODY"
    page.keyboard.press("Enter")
    expect(page.locator("gl-mask[data-ready]")).to_be_visible()
    check(page, primaries=1)
    page.keyboard.press("e")
    expect(page.locator("gl-mask[editing][data-ready]")).to_be_visible()
    check(page, primaries=1)
    page.keyboard.press("Escape")
    expect(page.locator("gl-mask[data-ready]:not([editing])")).to_be_visible()


def check(page: Page, primaries: int) -> None:
    """No sideways scrolling, no control without a name, as many primary buttons as there should be."""
    for width, height in WIDTHS:
        page.set_viewport_size({"width": width, "height": height})
        until(lambda: page.evaluate(OVERFLOW) <= 0, f"no sideways scrolling at {width}")
    page.set_viewport_size({"width": 1440, "height": 900})
    until(lambda: page.evaluate(PRIMARIES) == primaries, f"{primaries} primary buttons")
    until(lambda: page.evaluate(NAMELESS) == [], "a name for every control")


def test_the_whole_road_can_be_walked_by_keyboard(page: Page) -> None:
    begin(page, "a yellow star")
    page.locator("#scene textarea").press("Enter")
    expect(status(page, "Prompt")).to_contain_text("waiting for you")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    expect(takes(page)).to_have_count(2)
    page.keyboard.press("ArrowLeft")
    expect(takes(page).first).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("ArrowRight")
    expect(takes(page).nth(1)).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("r")
    expect(takes(page)).to_have_count(3)
    page.keyboard.press("e")
    expect(page.locator("gl-editor[data-ready]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#picture img.big")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("gl-player video")).to_be_visible()
    page.keyboard.press("Enter")
    primary(page, "Download")


def test_the_world_tells_its_words_and_the_light_stays_as_it_was_left(page: Page) -> None:
    expect(page.locator("#text-to-video-start")).to_be_visible()
    badge = page.locator(".badge-face")
    badge.hover()
    expect(page.locator("#world-words")).to_be_visible()
    expect(page.locator("#world-words")).to_contain_text("meadow")
    dark = "document.body.classList.contains('dark')"
    before = page.evaluate(dark)
    page.locator("#light").click()
    page.wait_for_function(f"before => {dark} !== before", arg=before)
    page.reload()
    expect(page.locator("#text-to-video-start")).to_be_visible()
    page.wait_for_function(f"before => {dark} !== before", arg=before)

"""A world on the page: act, pick, act again, branch, reload half way, film the way, take the transitions along."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from engine.media.states import decode_state
from tests.browser.walk import bring, gate, save, status, takes

pytestmark = [pytest.mark.browser, pytest.mark.long]


def begin(page: Page, footage: Mapping[str, Path]) -> None:
    """A world of a red ball that rolls to the right, until there are four states to pick from."""
    page.get_by_role("tab", name="World", exact=True).click()
    bring(page, "world-image", footage["ball.png"])
    page.locator("#world-prompt textarea").fill("the ball rolls to the right")
    page.locator("#world-start").click()
    gate(page, "Beginning")
    expect(takes(page)).to_have_count(4)


def act(page: Page, words: str) -> None:
    """Say what happens next to the state on screen, once."""
    page.get_by_label("What happens next").fill(words)
    page.get_by_label("How many at once").first.fill("1")
    page.locator("#again").click()


def test_a_world_is_walked_branched_reloaded_filmed_and_taken_along(
    page: Page, footage: Mapping[str, Path], tmp_path: Path
) -> None:
    begin(page, footage)
    expect(status(page, "What follows")).to_contain_text("waiting for you")
    takes(page).nth(1).click()
    page.locator("#more button").first.click()
    act(page, "night falls")
    expect(takes(page)).to_have_count(5)
    page.reload()
    expect(takes(page)).to_have_count(5)
    deeper = page.locator('#takes li[style*="16px"]')
    expect(deeper).to_contain_text("night falls")
    takes(page).first.click()
    page.locator("#more button").first.click()
    act(page, "the ball grows")
    expect(deeper).to_have_count(2)
    act(page, "it starts to rain")
    expect(page.get_by_role("alert")).to_contain_text("no word for that")
    deeper.locator("button").last.click()
    with page.expect_download() as coming:
        page.get_by_role("link", name="All transitions").click()
    rows = json.loads(save(coming.value, tmp_path).read_text())
    assert {row["action"]["text"] for row in rows[4:]} == {"night falls", "the ball grows"}
    gate(page, "What follows")
    expect(status(page, "The way there")).to_contain_text("waiting for you")
    expect(page.locator("gl-player video")).to_be_visible()


def decodes(page: Page, source: str) -> float:
    """How many seconds of sound the browser decodes of an address."""
    script = """async (source) => {
        const answer = await fetch(source);
        const heard = await new OfflineAudioContext(1, 16000, 16000).decodeAudioData(await answer.arrayBuffer());
        return Math.max(...heard.getChannelData(0)) > 0.01 ? heard.duration : 0;
    }"""
    return float(page.evaluate(script, source))


def test_what_was_remembered_is_seen_and_a_blow_is_heard_here_and_after_a_reload_in_the_film_and_in_the_export(
    page: Page, footage: Mapping[str, Path], tmp_path: Path
) -> None:
    begin(page, footage)
    takes(page).nth(1).click()
    sound = page.locator("#recalled audio")
    expect(page.locator("#recalled")).to_contain_text("You hear the ball hits the ground")
    expect(page.locator("#recalled")).to_contain_text("There is a red ball")
    assert decodes(page, str(sound.get_attribute("src"))) == 1.0
    expect(page.locator("#recalled")).not_to_contain_text("Remembered")
    page.locator("#more button").first.click()
    act(page, "night falls")
    expect(takes(page)).to_have_count(5)
    deeper = page.locator('#takes li[style*="16px"] button')
    expect(deeper).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#recalled")).to_contain_text("Nothing is heard")
    expect(sound).to_have_count(0)
    page.reload()
    remembered = page.locator("#recalled .recalled button")
    expect(remembered).to_contain_text("the ball rolls to the right")
    expect(remembered).to_contain_text("changed: the ball is right, not left")
    expect(page.locator("#recalled .corrected")).to_contain_text("The ball is red, as it was")
    remembered.click()
    expect(deeper).to_have_attribute("aria-pressed", "false")
    expect(sound).to_have_count(1)
    with page.expect_download() as coming:
        page.get_by_role("link", name="All transitions").click()
    rows = json.loads(save(coming.value, tmp_path).read_text())
    after = [decode_state(base64.b64decode(row["state1"]["image"])) for row in rows]
    assert [(one.words, one.sound is not None and bool(one.sound.any())) for one in after] == [
        *[("a red ball", True)] * 4, ("a red ball", False),
    ]  # fmt: skip
    gate(page, "What follows")
    expect(status(page, "The way there")).to_contain_text("waiting for you")
    film = page.locator("gl-player")
    expect(film.locator("video")).to_be_visible()
    assert decodes(page, str(film.get_attribute("src"))) > 0


def test_what_is_suggested_or_planned_is_done_and_what_happened_told(page: Page, footage: Mapping[str, Path]) -> None:
    begin(page, footage)
    takes(page).nth(1).click()
    page.get_by_role("button", name="The ball grows.").click()
    expect(page.locator('#takes li[style*="16px"]')).to_have_count(4)
    plan = page.locator("#plan textarea")
    plan.fill("the ball turns green and then night falls")
    page.locator("#plan-make").click()
    expect(plan).to_have_value("the ball turns green\nnight falls")
    page.locator("#plan-do").click()
    expect(page.locator('#takes li[style*="32px"]').first).to_contain_text("the ball turns green")
    expect(plan).to_have_value("night falls")
    page.get_by_role("button", name="New video").click()
    page.get_by_role("tab", name="What happened?").click()
    page.locator("#what-happened-start").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was brought")
    bring(page, "what-happened-image", footage["ball.png"])
    bring(page, "what-happened-last_image", footage["ball.png"])
    page.locator("#what-happened-start").click()
    expect(page.locator(".moments")).to_contain_text("The ball drops.")
    expect(page.locator(".moments")).to_contain_text("50% sure; else nothing happens (25%)")
    expect(page.locator(".moment-pair img")).to_have_count(2)

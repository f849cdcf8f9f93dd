"""Takes: all of them stay, each can be named, and two can be compared in step with each other."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from engine import pairs
from engine.events import Recorded
from engine.panel import JUDGES, Opinion, facts
from engine.store.projects import ProjectStore
from tests.browser.conftest import Server
from tests.browser.walk import approve_prompt, begin, project_of, status, takes, to_video

pytestmark = pytest.mark.browser
TIMES = "[...document.querySelectorAll('gl-compare video')].map(video => video.currentTime)"


def test_two_videos_are_compared_in_step_by_keys_alone(page: Page) -> None:
    to_video(page, "a red ball")
    page.keyboard.press("r")
    expect(takes(page)).to_have_count(2)
    page.keyboard.press("c")
    compare = page.locator("gl-compare")
    expect(compare.locator("video")).to_have_count(2)
    expect(compare.locator("output")).to_have_text("1 / 17")

    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(compare.locator("output")).to_have_text("3 / 17")
    first, second = page.evaluate(TIMES)
    assert first == pytest.approx(second)
    assert first == pytest.approx(2.5 / 8)

    slider = compare.get_by_label("Frame")
    slider.fill("10")
    expect(compare.locator("output")).to_have_text("11 / 17")
    page.locator("h2").first.click()
    expect(compare).to_have_attribute("data-show", "both")
    page.keyboard.press("Space")
    expect(compare.locator(".side-a")).to_be_visible()
    expect(compare.locator(".side-b")).to_be_hidden()
    page.keyboard.press("Space")
    expect(compare.locator(".side-b")).to_be_visible()
    expect(compare.locator(".side-a")).to_be_hidden()

    compare.get_by_label("Speed").select_option("0.5")
    assert page.evaluate("document.querySelector('gl-compare video').playbackRate") == 0.5
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator("gl-player")).to_be_visible()


def test_a_take_is_named_and_chosen_again_later(page: Page) -> None:
    begin(page, "a star")
    approve_prompt(page)
    takes(page).first.click()
    expect(takes(page).first).to_have_attribute("aria-pressed", "true")
    page.locator("#take-name input, #take-name textarea").first.fill("the calm one")
    page.keyboard.press("Enter")
    expect(takes(page).first).to_contain_text("the calm one")
    page.locator("#primary").click()
    expect(status(page, "Video")).to_contain_text("waiting for you")
    status(page, "Key frame").click()
    expect(takes(page).first.locator(".chosen")).to_be_visible()
    page.locator("#again").click()
    expect(takes(page).nth(2)).to_have_attribute("aria-pressed", "true")
    takes(page).nth(1).click()
    page.get_by_role("button", name="Use this take").click()
    status(page, "Key frame").click()
    expect(takes(page).nth(1).locator(".chosen")).to_be_visible()
    expect(takes(page)).to_have_count(3)


def test_the_same_seed_is_one_press_away(page: Page) -> None:
    begin(page, "a heart")
    approve_prompt(page)
    takes(page).first.click()
    seed = (takes(page).first.locator("small").text_content() or "").removeprefix("seed ")
    page.locator("#more button").first.click()
    page.locator("#same-seed").click()
    expect(page.locator("#seed input")).to_have_value(seed)
    page.locator("#again").click()
    expect(takes(page)).to_have_count(3)
    expect(takes(page).nth(2)).to_contain_text(f"seed {seed}")


def test_a_clip_is_taken_on_and_another_take_of_it_is_shown(page: Page) -> None:
    to_video(page, "a red ball that goes on")
    page.keyboard.press("r")
    expect(takes(page)).to_have_count(2)
    expect(page.locator("gl-player video")).to_be_visible()
    takes(page).first.click()
    expect(takes(page).first).to_have_attribute("aria-pressed", "true")
    expect(page.locator("gl-player video")).to_be_visible()
    page.get_by_role("button", name="Extend: go on from this clip").click()
    expect(page.locator("#extend-video gl-trim[data-ready]")).to_be_visible()
    expect(page.locator("#extend-video")).to_contain_text("a red ball that goes on")
    page.get_by_role("button", name="One of your own").first.click()
    page.get_by_role("button", name="Take a red ball that goes on").first.click()
    expect(page.locator("#extend-video gl-trim[data-ready]")).to_be_visible()
    page.locator("#extend-prompt textarea").fill("it goes on")
    page.locator("#extend-start").click()
    expect(status(page, "Source")).to_contain_text("waiting for you")


def test_a_proposal_that_is_left_is_not_made_again_and_the_choice_can_be_learnt_from(
    page: Page, server: Server
) -> None:
    to_video(page, "a red ball rolls in a meadow")
    projects, project = ProjectStore(server.home), project_of(page)
    made = next(
        one.event.take for one in reversed(projects.project(project).entries) if isinstance(one.event, Recorded)
    )
    missed = Opinion(0.2, ("Does the ball bounce?",), says=("motion: the ball bounces",))
    judged = replace(made.artifact, facts={**made.artifact.facts, **facts([(JUDGES[0], missed)])})
    projects.change(project, lambda _: [Recorded(replace(made, id="abcabcabcabc", artifact=judged))])
    proposal = page.locator("#prompt-proposal")
    takes(page).nth(1).click()
    expect(proposal).to_contain_text("the ball bounces, ")
    proposal.get_by_role("button", name="Leave it as it is").click()
    expect(proposal).to_be_hidden()
    page.reload()
    takes(page).nth(1).click()
    expect(takes(page).nth(1)).to_have_attribute("aria-pressed", "true")
    expect(proposal).to_be_hidden()
    (choice,) = [pair for pair in pairs.of(projects.project(project)) if pair.proposed]
    assert (choice.stage, choice.who) == ("prompt", "person")
    assert choice.proposed.startswith("motion: the ball bounces, ")

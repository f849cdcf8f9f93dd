"""Where the person was, they are: after a refresh, in another browser, and after the server was killed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Server
from tests.browser.walk import approve_prompt, begin, project_of, status, takes, to_video

pytestmark = pytest.mark.browser


def test_a_refresh_keeps_project_stage_and_tab(page: Page) -> None:
    begin(page, "a red ball on the beach")
    approve_prompt(page)
    status(page, "Prompt").click()
    page.wait_for_url("**stage=prompt**")
    expect(page.locator("#scene textarea")).to_be_visible()
    page.reload()
    expect(page.locator("#scene textarea")).to_be_visible()
    page.get_by_role("tab", name="Queue").click()
    page.wait_for_url("**tab=queue**")
    page.reload()
    expect(page.get_by_role("heading", name="Queue")).to_be_visible()


def test_words_that_were_typed_and_not_approved_are_offered_back(page: Page) -> None:
    begin(page, "a red ball on the beach")
    scene, offer = page.locator("#scene textarea"), page.locator("gl-draft")
    written = scene.input_value()
    scene.fill("a ball that I am still writing about")
    page.reload()
    expect(offer).to_contain_text("Your unsaved words from")
    expect(offer).to_contain_text("a ball that I am still writing about")
    expect(scene).to_have_value(written)
    offer.get_by_role("button", name="Use them").click()
    expect(scene).to_have_value("a ball that I am still writing about")
    expect(offer).to_be_empty()
    page.reload()
    offer.get_by_role("button", name="Drop them").click()
    expect(offer).to_be_empty()
    scene.fill("a ball that is approved")
    page.locator("#primary").click()
    expect(status(page, "Prompt")).to_contain_text("approved")
    page.reload()
    status(page, "Prompt").click()
    expect(scene).to_have_value("a ball that is approved")
    expect(offer).to_be_empty()


def test_what_should_move_is_offered_back_at_a_clip_that_was_left(page: Page) -> None:
    to_video(page, "a red ball on the beach")
    moves, offer = page.locator("#moves textarea"), page.locator("#moves-draft gl-draft")
    written = moves.input_value()
    moves.fill("the ball stands on its head")
    status(page, "Key frame").click()
    expect(moves).to_be_hidden()
    status(page, "Video").click()
    expect(offer).to_contain_text("the ball stands on its head")
    page.reload()
    expect(moves).to_have_value(written)
    offer.get_by_role("button", name="Use them").click()
    expect(moves).to_have_value("the ball stands on its head")
    page.locator("#again").click()
    expect(takes(page)).to_have_count(2)
    expect(offer).to_be_empty()


def test_the_address_opens_it_elsewhere_and_this_browser_remembers_it(
    page: Page, server: Server, chromium: Browser, context: BrowserContext
) -> None:
    begin(page, "a boat that another browser shall see")
    project = project_of(page)
    other = chromium.new_context()
    there = other.new_page()
    there.goto(f"{server.url}?project={project}")
    expect(there.locator("#project-title input, #project-title textarea").first).to_have_value(
        "a boat that another browser shall see"
    )
    other.close()
    again = context.new_page()
    again.goto(server.url)
    expect(again.locator("#original")).to_contain_text("a boat that another browser shall see")
    again.get_by_role("button", name="New video").click()
    expect(again.locator("#text-to-video-start")).to_be_visible()
    again.goto(server.url)
    expect(again.locator("#text-to-video-start")).to_be_visible()


def test_a_finished_job_does_not_move_the_person(page: Page, server: Server) -> None:
    begin(page, "a fish")
    approve_prompt(page)
    server.hold(True)
    page.locator("#primary").click()
    expect(status(page, "Video")).to_contain_text("step 1 of 4")
    expect(page.locator("#picture img.latent")).to_be_visible()
    status(page, "Prompt").click()
    page.locator("#scene textarea").fill("a fish that I am still writing about")
    server.hold(False)
    expect(status(page, "Video")).to_contain_text("waiting for you")
    expect(page.locator("#scene textarea")).to_have_value("a fish that I am still writing about")
    expect(page).to_have_title(re.compile("waits for you"))


def test_killed_and_started_again_nothing_is_lost(own_server: Server, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(own_server.url)
    to_video(page, "a rocket that waits")
    waiting = project_of(page)
    page.get_by_role("button", name="New video").click()
    begin(page, "a rocket that flies")
    approve_prompt(page)
    own_server.hold(True)
    page.locator("#primary").click()
    expect(status(page, "Video")).to_contain_text("step 1 of 4")

    own_server.kill()
    own_server.start()
    expect(status(page, "Key frame")).to_contain_text("approved", timeout=40_000)
    own_server.hold(False)
    expect(status(page, "Video")).to_contain_text("waiting for you", timeout=40_000)
    expect(takes(page)).to_have_count(1)
    page.goto(f"{own_server.url}?project={waiting}")
    expect(status(page, "Video")).to_contain_text("waiting for you")
    expect(page.locator("gl-player video")).to_be_visible()


def test_a_project_that_is_not_there_or_lost_a_file_leaves_the_page_usable(page: Page, server: Server) -> None:
    page.goto(f"{server.url}?project=nobody")
    expect(page.locator("#notice [role=alert]")).to_be_visible()
    begin(page, "a heart that loses its words")
    project = project_of(page)
    for file in (server.home / "projects" / project / "files").glob("*.json"):
        file.unlink()
    page.reload()
    expect(page.locator("#notice [role=alert]")).to_be_visible()
    page.get_by_role("button", name="New video").click()
    begin(page, "another heart")


def test_of_quick_clicks_each_counts_and_the_last_says_where_the_person_is(page: Page) -> None:
    begin(page, "a kite that is left at once")
    expect(page.locator("#primary")).to_be_enabled()
    page.evaluate("for (const act of ['automatic', 'new']) document.querySelector(`[data-do=${act}]`).click()")
    expect(page.locator("#text-to-video-start")).to_be_visible()
    for tab in ("Queue", "Settings", "Projects"):
        page.get_by_role("tab", name=tab).click()
    page.get_by_role("button", name="Open a kite that is left at once").click()
    expect(page.locator("[data-do=automatic]").first).to_have_attribute("aria-pressed", "true")
    page.wait_for_url("**project=**")

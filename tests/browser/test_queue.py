"""The queue: several projects, their places, stopping one, pausing all."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server
from tests.browser.walk import approve_prompt, begin, primary, status

pytestmark = pytest.mark.browser


def ask_for_a_video(page: Page, prompt: str) -> None:
    """Walk a new project until its video is asked for."""
    begin(page, prompt)
    approve_prompt(page)


def test_jobs_wait_in_line_and_can_be_stopped(page: Page, server: Server) -> None:
    ask_for_a_video(page, "the first in line")
    server.hold(True)
    page.locator("#primary").click()
    expect(status(page, "Video")).to_contain_text("step 1 of 4")
    page.locator("#again").click()
    expect(page.locator("#takes .coming")).to_have_count(2)
    page.get_by_role("tab", name="Queue").click()
    jobs = page.locator("#jobs li")
    expect(jobs).to_have_count(2)
    expect(jobs.nth(0)).to_contain_text("the first in line")
    expect(jobs.nth(0)).to_contain_text("step 1 of 4")
    expect(jobs.nth(1)).to_contain_text("next in the queue")
    expect(page.get_by_role("tab", name="Queue")).to_have_attribute("data-count", "2")

    jobs.nth(1).get_by_role("button", name="Stop").click()
    expect(jobs).to_have_count(1)
    jobs.nth(0).get_by_role("button", name="Stop").click()
    server.hold(False)
    expect(page.get_by_text("Nothing is being made.")).to_be_visible()
    page.get_by_role("tab", name="Create").click()
    expect(status(page, "Video")).to_contain_text("stopped")
    primary(page, "Make it").click()
    expect(status(page, "Video")).to_contain_text("waiting for you")


def test_a_paused_queue_begins_nothing_until_it_goes_on(page: Page) -> None:
    ask_for_a_video(page, "a patient star")
    page.get_by_role("tab", name="Queue").click()
    page.get_by_role("button", name="Pause").click()
    expect(page.locator("#jobs")).to_contain_text("Paused")
    page.get_by_role("tab", name="Create").click()
    page.locator("#primary").click()
    expect(status(page, "Video")).to_contain_text("next in the queue")
    page.get_by_role("tab", name="Queue").click()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("tab", name="Create").click()
    expect(status(page, "Video")).to_contain_text("waiting for you")

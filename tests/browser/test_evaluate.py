"""The Evaluate tab: videos measured by the real engine; VideoVerse gone through with a reload in the middle, paused,
gone on with; a bar and its questions opened; a result file dropped in."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import Server
from tests.fakes import moving_video

pytestmark = pytest.mark.browser
SLOW = 120_000
"""The engine brings torch first."""


@pytest.mark.long
def test_videos_are_measured_while_the_page_is_reloaded(
    context: BrowserContext, server: Server, tmp_path: Path
) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.mp4").write_bytes(moving_video(name))
    page = context.new_page()
    page.goto(f"{server.url}?tab=evaluate")
    expect(page.locator("#measurement")).to_contain_text("Nothing was measured yet.")
    page.locator("#measure-videos input[type=file]").set_input_files([tmp_path / "a.mp4", tmp_path / "b.mp4"])
    expect(page.locator("#measure-videos a[href$='b.mp4']")).to_be_visible()
    page.locator("#measure-metrics input").click()
    page.get_by_role("option", name="length", exact=True).click()
    page.keyboard.press("Escape")
    page.locator("#measure").click()
    row = page.locator(".measurement")
    expect(row).to_contain_text("a.mp4, b.mp4")
    page.reload()
    expect(row).to_contain_text("2 of 2 videos", timeout=SLOW)
    expect(row.locator(".figures").first).to_contain_text("length")
    with page.expect_download() as coming:
        row.get_by_text("JSON").click()
    report = json.loads(Path(coming.value.path()).read_text())
    assert {one["name"] for one in report["videos"]} == {"a", "b"}
    row.get_by_role("button", name="Remove").click()
    expect(page.locator("#measurement")).to_contain_text("Nothing was measured yet.")


@pytest.mark.long
def test_videoverse_is_gone_through_reloaded_in_the_middle_paused_and_a_question_opened(
    context: BrowserContext, server: Server, tmp_path: Path
) -> None:
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{server.url}?tab=evaluate")
    page.get_by_role("tab", name="VideoVerse").click()
    expect(page.locator("#course-judge input")).to_have_value(re.compile("The pocket critic"))
    page.locator("#course-prompts input[type=number]").fill("3")
    page.locator("#course-prompts input[type=number]").press("Enter")
    (server.home / "hold-judge").touch()
    page.locator("#course-begin").click()
    row = page.locator(".measurement")
    expect(row).to_contain_text("0 of 3 videos", timeout=SLOW)
    page.reload()
    expect(row).to_contain_text("being measured")
    row.get_by_role("button", name="Pause").click()
    expect(row).to_contain_text("paused")
    row.get_by_role("button", name="Go on").click()
    (server.home / "hold-judge").unlink()
    expect(row).to_contain_text("3 of 3 videos", timeout=SLOW)
    expect(row).to_contain_text("total score, strict", timeout=SLOW)
    expect(row.locator("svg.radar")).to_be_visible()
    row.locator(".bar-row").filter(has_text="All of them").click()
    behind = page.locator(".behind > ul > li")
    expect(behind).to_have_count(3)
    expect(behind.first.locator("video")).to_be_visible()
    expect(behind.first).to_contain_text("probability of yes")
    expect(behind.first).to_contain_text("In this order: 1.")
    page.get_by_role("button", name="strictly").click()
    expect(page).to_have_url(re.compile("figure=strict"))
    page.reload()
    expect(page.locator(".behind")).to_contain_text("All of them, strictly: 3 videos")
    (folder,) = (server.home / "evaluations").iterdir()
    page.get_by_role("tab", name="VideoVerse").click()
    page.locator("#course-results input[type=file]").set_input_files(folder / "figures" / "results-official.json")
    expect(row).to_contain_text("results-official.json")
    expect(row).to_contain_text("total score:", timeout=SLOW)
    expect(page.locator(".measurements > li")).to_contain_text("VideoVerse, pocket edition")
    for left in ("VideoVerse, pocket edition", "Nothing was measured yet."):
        row.get_by_role("button", name="Remove").click()
        expect(page.locator("#measurement")).to_contain_text(left)
    assert not errors

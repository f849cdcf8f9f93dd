"""The Evaluate tab: two videos brought, measured by the real engine, seen through a reload, and taken along as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import Server
from tests.fakes import moving_video

pytestmark = [pytest.mark.browser, pytest.mark.long]
SLOW = 120_000
"""The engine brings torch first."""


def test_videos_are_measured_while_the_page_is_reloaded(
    context: BrowserContext, server: Server, tmp_path: Path
) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.mp4").write_bytes(moving_video(name))
    page = context.new_page()
    page.goto(f"{server.url}?tab=evaluate")
    expect(page.locator("#measurements")).to_contain_text("Nothing was measured yet.")
    page.locator("#measure-videos input[type=file]").set_input_files([tmp_path / "a.mp4", tmp_path / "b.mp4"])
    expect(page.locator("#measure-videos a[href$='b.mp4']")).to_be_visible()
    page.locator("#measure-metrics input").click()
    page.get_by_role("option", name="length", exact=True).click()
    page.keyboard.press("Escape")
    page.locator("#measure").click()
    row = page.locator(".measurements > li")
    expect(row).to_contain_text("a.mp4, b.mp4")
    page.reload()
    expect(row).to_contain_text("2 of 2 videos", timeout=SLOW)
    expect(row.locator(".figures").first).to_contain_text("length")
    with page.expect_download() as coming:
        row.get_by_text("JSON").click()
    report = json.loads(Path(coming.value.path()).read_text())
    assert {one["name"] for one in report["videos"]} == {"a", "b"}
    row.get_by_role("button", name="Remove").click()
    expect(page.locator("#measurements")).to_contain_text("Nothing was measured yet.")

"""The Models tab: a download from a hub, in sight of two browsers, through a reload, stopped and taken up again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Server
from tests.models.fake_hub import FakeHub, fake_hub
from tests.models.hub_models import NAME, UNET, pipeline, weights

pytestmark = pytest.mark.browser
WHOLE, FIRST = 4_000_000, 2_600_000
ROW = f"""
title = "Tiny model"
repository = "{NAME}"
driver = "stable-diffusion-xl"
jobs = ["text_to_image"]
sizes = [[512, 512]]
disk_gib = 0.00373
licence = "Apache-2.0"
gpu = false
"""


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    """A hub that holds a download back in its middle, until it is released."""
    with fake_hub() as served:
        served.add(NAME, pipeline(**{UNET: weights(4000) * 1000}))
        served.drips[UNET] = FIRST
        yield served


@pytest.fixture
def models(hub: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server with a row of one's own, which that hub has."""
    monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "cache"))
    for name in ("HF_TOKEN", "HF_HUB_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    served = Server(tmp_path / "home")
    (served.home / "models").mkdir(parents=True)
    (served.home / "models" / "tiny.toml").write_text(ROW)
    served.start()
    yield served
    served.kill()


def shown(context: BrowserContext, server: Server) -> Page:
    page = context.new_page()
    page.goto(f"{server.url}?tab=models")
    return page


def test_a_download_is_seen_through_a_reload_stopped_and_taken_up_again(
    chromium: Browser, context: BrowserContext, models: Server, hub: FakeHub
) -> None:
    page = shown(context, models)
    row = page.locator("#models li").filter(has_text="Tiny model")
    expect(row).to_contain_text("not here")
    assert hub.requests == [], "nobody was asked yet"

    button = row.get_by_role("button", name="Download: Tiny model")
    button.focus()
    page.keyboard.press("Enter")
    question = row.get_by_role("group", name="Tiny model?")
    expect(question).to_contain_text("4 MB come from greenlight/tiny")
    expect(question).to_contain_text("are free")
    assert hub.requests == [], "nor now"
    expect(button).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    bar = page.get_by_role("progressbar", name="Download of Tiny model")
    expect(page.locator("#errands")).to_contain_text("3 MB of 4 MB")
    expect(bar).to_have_attribute("value", "0.650")
    page.reload()
    expect(page.locator("#errands")).to_contain_text("3 MB of 4 MB")
    second = chromium.new_context()
    other = shown(second, models)
    expect(other.get_by_role("progressbar", name="Download of Tiny model")).to_have_attribute("value", "0.650")

    other.get_by_role("button", name="Stop Tiny model").click()
    expect(page.locator("#errands")).to_contain_text("stopped; what came is kept")
    expect(page.locator("#models li").filter(has_text="Tiny model")).to_contain_text("partly here")
    second.close()

    page.get_by_role("button", name="Resume: Tiny model").first.click()
    expect(page.locator("#errands")).to_contain_text("is here, and every file is the one that the hub has")
    expect(page.locator("#models li").filter(has_text="Tiny model")).to_contain_text("4 MB on disk")
    assert hub.sent[UNET] < WHOLE + 1000, "what was there did not come twice"

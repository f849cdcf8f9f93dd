"""The settings, and the button that mends a prompt that its language model did not write."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.walk import primary, status

pytestmark = pytest.mark.browser


@pytest.fixture
def silent_address() -> Iterator[str]:
    """An address where nothing answers, and nothing else can move in."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{closed.getsockname()[1]}/v1"


def test_when_the_language_model_is_down_the_offline_writer_is_offered(page: Page, silent_address: str) -> None:
    page.get_by_role("tab", name="Settings").click()
    page.locator("#llm-address input, #llm-address textarea").first.fill(silent_address)
    page.locator("#llm-model input, #llm-model textarea").first.fill("nobody")
    page.locator("#llm-try").click()
    expect(page.locator("#notice [role=alert]")).to_be_visible()
    page.get_by_role("tab", name="Create").click()
    page.locator("#text-to-video-prompt textarea").fill("a red ball")
    page.locator("#text-to-video-start").click()
    expect(page.locator(".failure")).to_be_visible()
    assert "Traceback" not in (page.locator(".failure").text_content() or "")
    primary(page, "Use the offline writer").click()
    expect(status(page, "Prompt")).to_contain_text("waiting for you")
    expect(page.locator("#scene textarea")).to_be_visible()
    page.get_by_role("tab", name="Settings").click()
    page.locator("#llm-offline").click()
    expect(page.locator("#notice [role=status]")).to_contain_text("offline writer")

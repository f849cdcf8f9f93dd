"""What a person does on the page, in words that the tests share."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Download, Locator, Page, expect

PRIMARY = "#primary"


def begin(page: Page, prompt: str) -> None:
    """Type a prompt and press the one button; the prompt stage opens."""
    page.locator("#text-to-video-prompt textarea").fill(prompt)
    page.locator("#text-to-video-start").click()
    expect(page.locator("#scene textarea")).to_be_visible()


def bring(page: Page, name: str, file: Path) -> None:
    """Choose a file at its place on a start page (`recipe-upload`), and wait until it is shown."""
    place = page.locator(f'[data-drop="{name}-file"]')
    with page.expect_file_chooser() as chooser:
        place.locator("[data-hand]").click()
    chooser.value.set_files(file)
    expect(place.locator("img, gl-trim[data-ready]").first).to_be_visible()


def approve_prompt(page: Page) -> None:
    """Approve the words; the key frames come."""
    expect(page.locator(PRIMARY)).to_be_enabled()
    page.locator(PRIMARY).click()
    expect(status(page, "Key frame")).to_contain_text("waiting for you")
    expect(page.locator("#picture img.big")).to_be_visible()


def approve_frame(page: Page) -> None:
    """Approve the key frame; the video comes."""
    page.locator(PRIMARY).click()
    expect(status(page, "Video")).to_contain_text("waiting for you")
    expect(page.locator("gl-player video")).to_be_visible()


def to_video(page: Page, prompt: str) -> None:
    """From the start page to a video that waits."""
    begin(page, prompt)
    approve_prompt(page)
    approve_frame(page)


def status(page: Page, stage: str) -> Locator:
    """The stop of a stage on the road."""
    return page.locator("#road .stop").filter(has_text=re.compile(rf"\d {stage}"))


def takes(page: Page) -> Locator:
    """The tiles of the takes that are there."""
    return page.locator("#takes .tile[data-take]")


def primary(page: Page, label: str) -> Locator:
    """The primary button, once it says so."""
    button = page.locator(PRIMARY)
    expect(button).to_have_text(label)
    expect(button).to_be_enabled()
    return button


def save(download: Download, folder: Path) -> Path:
    """Where a download lies."""
    target = folder / download.suggested_filename
    download.save_as(target)
    return target


def project_of(page: Page) -> str:
    """Id of the open project, from the address bar."""
    page.wait_for_url(re.compile(r"project="))
    found = re.search(r"project=(\w+)", page.url)
    return found.group(1) if found else ""

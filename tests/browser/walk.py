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


def begin_road(page: Page, title: str, prompt: str, **files: Path) -> None:
    """Begin any recipe on its page: bring the files (by upload's name), say the words, press the one button."""
    page.get_by_role("tab", name=title).click()
    recipe = title.lower().replace(" ", "-")
    for upload, file in files.items():
        bring(page, f"{recipe}-{upload}", file)
    page.locator(f"#{recipe}-prompt textarea").fill(prompt)
    page.locator(f"#{recipe}-start").click()
    expect(page.locator("#road .stop").first).to_be_visible()


def gate(page: Page, stage: str) -> None:
    """Wait until a stage waits, approve it, and see that it is approved."""
    expect(status(page, stage)).to_contain_text("waiting for you")
    primary(page, "Approve").click()
    expect(status(page, stage)).to_contain_text("approved")


def stroke(page: Page, canvas: Locator) -> None:
    """Paint a line across a canvas with the mouse."""
    expect(canvas).to_be_visible()
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 80, box["y"] + 80)
    page.mouse.down()
    page.mouse.move(box["x"] + 240, box["y"] + 120, steps=6)
    page.mouse.up()


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
    title = page.locator("b", has_text=re.compile(rf"^\d+ {stage}$"))
    return page.locator("#road .stop").filter(has=title)


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

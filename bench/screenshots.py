"""Pictures of the page for docs/ and the README: `python -m bench.screenshots docs/screens`.

Starts the app on a home of its own, walks one video from its prompt to its end in Chromium, and takes every start
page and three stages at 1440, 1024 and 390 pixels, in light and in dark; then the Models tab, with a download under way
from a fake hub that holds it in its middle.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from engine.models.profiles import here
from engine.models.rows.images import SDXL
from engine.tasks.table import offered
from tests.models.fake_hub import FakeHub, fake_hub
from tests.models.hub_models import UNET, pipeline, weights

ROOT = Path(__file__).resolve().parents[1]
FLAGS = ["--no-sandbox", "--disable-quic", "--disable-background-networking"]
PORT = 7935
SIZES = ((1440, 900), (1024, 768), (390, 844))
STAGES = ("prompt", "key_frame", "video")
PROMPT = "A red ball bounces across the meadow"
PATIENCE_MILLISECONDS = 240_000
SETTLED = """() => [...document.images].every(image => image.complete)
  && [...document.querySelectorAll("video")].every(video => video.readyState >= 2)"""


def walk(page: Page) -> str:
    """Make one video; returns its project's id."""
    page.locator("#text-to-video-prompt textarea").fill(PROMPT)
    page.locator("#text-to-video-start").click()
    for shown in ("#scene textarea", "#picture img.big", "#picture gl-player"):
        expect(page.locator(shown)).to_be_visible()
        expect(page.locator("#primary")).to_have_text("Approve")
        expect(page.locator("#primary")).to_be_enabled()
        page.locator("#primary").click()
    expect(page.locator("#primary")).to_have_text("Download")
    return str(page.locator("#where-now").get_attribute("data-project"))


def take(browser: Browser, base: str, project: str, folder: Path) -> None:
    """Every page at every width, in light and in dark."""
    for width, height in SIZES:
        for scheme in ("light", "dark"):
            context = browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme="dark" if scheme == "dark" else "light",
                reduced_motion="reduce",
            )
            page = context.new_page()
            for task in offered(here(ROOT)):
                page.goto(f"{base}?task={task}")
                expect(page.locator(f"#{task}-start")).to_be_visible()
                page.wait_for_function(SETTLED)
                name = "start" if task == "text-to-video" else task
                page.screenshot(path=folder / f"{name}-{width}-{scheme}.png")
            for stage in STAGES:
                page.goto(f"{base}?project={project}&stage={stage}")
                expect(page.locator("#road .here")).to_be_visible()
                page.wait_for_function(SETTLED)
                page.screenshot(path=folder / f"{stage}-{width}-{scheme}.png", full_page=width < 1000)
            context.close()


def take_models(browser: Browser, base: str, folder: Path) -> None:
    """The Models tab while a model is being downloaded."""
    for number, (width, scheme) in enumerate(((1024, "light"), (1440, "light"), (390, "dark"))):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme="dark" if scheme == "dark" else "light"
        )
        page = context.new_page()
        page.goto(f"{base}?tab=models")
        if number == 0:
            page.get_by_role("button", name=f"Download: {SDXL.title}", exact=True).click()
            page.locator("[data-do=model-download]").click()
        expect(page.locator("#errands")).to_contain_text("26 MB of")
        page.evaluate("scrollTo(0, 0)")
        page.screenshot(path=folder / f"models-{width}-{scheme}.png")
        context.close()


def hold(hub: FakeHub) -> None:
    """Give a hub one model, which all but stops coming in its middle."""
    hub.add(SDXL.repository, pipeline(**{UNET: weights(4000) * 10_000}))
    hub.drips[UNET] = 26_000_000


def main() -> None:
    """Start, walk, take, stop."""
    parser = argparse.ArgumentParser(prog="python -m bench.screenshots", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pictures go")
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    base = f"http://127.0.0.1:{PORT}/"
    with tempfile.TemporaryDirectory() as home, fake_hub() as hub, sync_playwright() as playwright:
        hold(hub)
        environment = {**os.environ, "GREENLIGHT_HOME": home, "GREENLIGHT_PORT": str(PORT)}
        environment |= {"HF_ENDPOINT": hub.endpoint, "HF_HUB_CACHE": str(Path(home) / "hub")}
        app = subprocess.Popen([sys.executable, "app.py"], env=environment, stdout=subprocess.PIPE)
        try:
            if app.stdout is not None:
                app.stdout.readline()
            expect.set_options(timeout=PATIENCE_MILLISECONDS)
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            page = browser.new_page()
            page.goto(base)
            take(browser, base, walk(page), folder)
            take_models(browser, base, folder)
            browser.close()
        finally:
            app.terminate()
            app.wait(30)


if __name__ == "__main__":
    main()

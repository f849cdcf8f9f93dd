"""A real Chromium, and Greenlight served for it from a home of its own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from engine.media.videos import encode_video
from tests.browser.house import ROOT
from tests.browser.painters import FPS, ball, slide
from tests.waiting import until

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ["--no-sandbox", "--disable-quic", "--disable-background-networking"]
REQUIRED = "GREENLIGHT_REQUIRE_BROWSER"
START_SECONDS = 60
PATIENCE_MILLISECONDS = 20_000


class Server:
    """The page and its worker, in processes that can be killed and started again on the same home and port."""

    def __init__(self, home: Path) -> None:
        self.home = home
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until the page answers; what does not answer is not left behind."""
        arguments = [sys.executable, "-m", "tests.browser.house", "app", str(self.home), str(self.port)]
        environment = {
            **os.environ,
            "GRADIO_ANALYTICS_ENABLED": "False",
            "GRADIO_TEMP_DIR": str(self.home / "uploads"),
        }
        self._process = subprocess.Popen(arguments, cwd=ROOT, env=environment)
        try:
            until(self._answers, "the page", START_SECONDS)
        except AssertionError:
            self.kill()
            raise

    def kill(self) -> None:
        """End it as a power cut would; its worker sees the pipe close, and ends as well."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait(20)
            self._process = None

    def hold(self, on: bool) -> None:
        """Hold the painters at their next step, or let them go on."""
        if on:
            (self.home / "hold").touch()
        else:
            (self.home / "hold").unlink(missing_ok=True)

    def _answers(self) -> bool:
        if self._process is None or self._process.poll() is not None:
            raise AssertionError("the server ended before it answered")
        try:
            with urllib.request.urlopen(self.url, timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One Chromium for a file of tests; without one they are skipped, or fail where REQUIRED is set to 1.

    No longer than the file: its driver keeps an event loop running in this thread, which no other test may meet.
    """
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        refuse = pytest.fail if os.environ.get(REQUIRED) == "1" else pytest.skip
        refuse("no Chromium on this machine: install the system's chromium package")
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE_MILLISECONDS)
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests that do not kill it."""
    served = Server(tmp_path_factory.mktemp("home"))
    served.start()
    yield served
    served.kill()


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    """A server that a test may kill."""
    served = Server(tmp_path / "home")
    served.home.mkdir()
    served.start()
    yield served
    served.kill()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A browser of a person who was never here before."""
    fresh = chromium.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    fresh.set_default_timeout(PATIENCE_MILLISECONDS)
    yield fresh
    fresh.close()


@pytest.fixture
def page(context: BrowserContext, server: Server) -> Iterator[Page]:
    """The start page; a script error anywhere fails the test."""
    errors: list[str] = []
    opened = context.new_page()
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.goto(server.url)
    yield opened
    server.hold(False)
    assert not errors


@pytest.fixture(scope="session")
def footage(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """Two clips and two pictures of a ball, as a person may have them."""
    folder = tmp_path_factory.mktemp("footage")
    files = {name: folder / name for name in ("first.mp4", "second.mp4", "ball.png", "later.png")}
    for number, name in enumerate(("first.mp4", "second.mp4"), 1):
        files[name].write_bytes(encode_video(slide(np.asarray(ball(3 * number)), 17), FPS))
    for number, name in enumerate(("ball.png", "later.png"), 1):
        ball(2 * number).save(files[name])
    return files

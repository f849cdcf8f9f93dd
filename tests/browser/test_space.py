"""app.py itself, as a ZeroGPU Space starts it: two visitors, neither of whom sees what the other makes."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import START_SECONDS
from tests.browser.house import ROOT
from tests.browser.walk import begin, status
from tests.spaces.host.spaces import LOG
from tests.waiting import until

PAINTED_MILLISECONDS = 120_000
"""For a key frame of the pocket world in twelve steps, on a processor that others use too."""
pytestmark = [pytest.mark.browser, pytest.mark.long]


@pytest.fixture
def space(tmp_path: Path) -> Iterator[str]:
    """The address of app.py on a pretended ZeroGPU Space, the pocket world in it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    ours = {name: value for name, value in os.environ.items() if not name.startswith("GREENLIGHT_")}
    environment = {
        **ours,
        "SYSTEM": "spaces",
        "SPACE_ID": "someone/greenlight",
        "SPACES_ZERO_GPU": "true",
        "GRADIO_SERVER_NAME": "127.0.0.1",
        "GREENLIGHT_HOME": str(tmp_path / "home"),
        "GREENLIGHT_PORT": port,
        "PYTHONPATH": str(ROOT / "tests" / "spaces" / "host"),
        LOG: str(tmp_path / "granted"),
    }
    process = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=environment)

    def answers() -> bool:
        assert process.poll() is None, "the Space ended before it answered"
        with socket.socket() as tried:
            return tried.connect_ex(("127.0.0.1", int(port))) == 0

    try:
        until(answers, "the Space", 2 * START_SECONDS)  # it loads its models first
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.kill()
        process.wait(20)


def test_each_visitor_makes_what_only_they_see(chromium: Browser, space: str, tmp_path: Path) -> None:
    mine, yours = chromium.new_context().new_page(), chromium.new_context().new_page()
    mine.goto(space)
    begin(mine, "a red ball bounces in the snow")
    mine.locator("#primary").click()
    expect(status(mine, "Key frame")).to_contain_text("waiting for you", timeout=PAINTED_MILLISECONDS)
    expect(mine.locator("#picture img.big")).to_be_visible()
    assert (tmp_path / "granted").read_text().splitlines()[0] == "60", "a call for its first key frame"
    address = mine.url
    yours.goto(address)
    expect(yours.locator("#notice")).to_contain_text("no such project")
    expect(yours.get_by_role("tab", name="Models")).to_have_count(0)
    yours.get_by_role("tab", name="Projects").click()
    expect(yours.locator("#covers li")).to_have_count(0)
    mine.reload()
    expect(status(mine, "Key frame")).to_contain_text("waiting for you")
    mine.get_by_role("tab", name="Projects").click()
    expect(mine.locator("#covers li")).to_have_count(1)
    for page in (mine, yours):
        page.context.close()

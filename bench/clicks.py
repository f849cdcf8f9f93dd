"""How quickly the page answers a click while a video is being made: `python -m bench.clicks --help`.

The real app and its real worker. While the worker denoises, a person in Chromium approves the prompt of another
project and goes from tab to tab. A click is answered in the frame in which what it promised is on the page: the road
says that the prompt is approved, the tab shows what happened last.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

ROOT = Path(__file__).parents[1]
FLAGS = ["--no-sandbox", "--disable-quic", "--disable-background-networking"]
PORT = 7934
PATIENCE_MILLISECONDS = 60_000
ANSWER = """([button, answer, words]) => new Promise((done, fail) => {
  const began = performance.now();
  const look = () => {
    const waited = performance.now() - began;
    const shown = [...document.querySelectorAll(answer)].find((node) => node.offsetParent !== null);
    if (shown?.textContent.includes(words)) done(waited);
    else if (waited > 20000) fail(new Error(`no ${words} in ${answer}`));
    else requestAnimationFrame(look);
  };
  document.querySelector(button).click();
  requestAnimationFrame(look);
})"""

Times = dict[str, list[float]]


def parser() -> argparse.ArgumentParser:
    """The command line's grammar."""
    made = argparse.ArgumentParser(prog="python -m bench.clicks", description=__doc__)
    made.add_argument("--projects", type=int, default=20, help="prompts approved while other videos are made")
    return made


def answered(page: Page, button: str, answer: str, words: str) -> float:
    """Milliseconds from a click on `button` until the first visible `answer` (selectors) holds `words`."""
    return float(page.evaluate(ANSWER, [button, answer, words]))


def begin(page: Page, prompt: str) -> None:
    """From the start page to a project that waits at its prompt."""
    page.locator("#text-to-video-prompt textarea").fill(prompt)
    page.locator("#text-to-video-start").click()
    expect(page.locator("#primary")).to_have_text("Approve")
    expect(page.locator("#project-title textarea, #project-title input").first).to_have_value(prompt)


def leave(page: Page) -> None:
    """Back to the start page."""
    page.locator("#workbench").get_by_text("New video").click()
    expect(page.locator("#text-to-video-start")).to_be_visible()


def go(page: Page, name: str, answer: str, words: str = "") -> float:
    """Milliseconds from a click on the tab until it shows `answer`; then waits until the server knows of it, too."""
    tabs = page.locator("#tabs > .tab-wrapper").get_by_role("tab")
    tabs.evaluate_all(
        "(tabs, name) => tabs.forEach(tab => tab.id = tab.textContent.startsWith(name) ? 'go' : '')", name
    )
    time = answered(page, "#go", answer, words)
    page.locator(f"#where-now[data-tab={name.lower()}]").wait_for(state="attached")
    return time


def measure(page: Page, projects: int) -> Times:
    """Keep the worker busy with a video approved beforehand and the key frames of the others, and click meanwhile."""
    times: Times = {"approve": [], "projects": [], "queue": [], "create": []}
    begin(page, "a red ball bounces in the snow")
    answered(page, "[data-do=automatic]", "[data-do=automatic][aria-pressed=true]", "Approve all")
    page.locator("#road .stop").get_by_text("step 1").first.wait_for()
    for number in range(projects):
        leave(page)
        prompt = f"a blue car drives left in the city {number}"
        begin(page, prompt)
        times["approve"].append(answered(page, "#primary", "#road .stop", "approved"))
        times["projects"].append(go(page, "Projects", f"#covers [aria-label='Open {prompt}']"))
        times["queue"].append(go(page, "Queue", "#jobs", prompt))
        page.locator("#jobs progress").wait_for(state="attached")  # the worker is at work
        times["create"].append(go(page, "Create", "#road", "approved"))
    return times


def percentile(values: list[float], share: float) -> int:
    """The value below or at which `share` of the values lie, by nearest rank."""
    return round(sorted(values)[math.ceil(len(values) * share) - 1])


def main(argv: list[str]) -> int:
    """Measure and print one JSON object."""
    arguments = parser().parse_args(argv)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "GREENLIGHT_HOME": home, "GREENLIGHT_PORT": str(PORT)}
        command = [sys.executable, "app.py"]
        app = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        try:
            if app.stdout is None or "http" not in app.stdout.readline():
                raise RuntimeError("the app did not start")
            with sync_playwright() as playwright:
                page = playwright.chromium.launch(executable_path=chromium, args=FLAGS).new_page()
                page.set_default_timeout(PATIENCE_MILLISECONDS)
                expect.set_options(timeout=PATIENCE_MILLISECONDS)
                page.goto(f"http://127.0.0.1:{PORT}/")
                times = measure(page, arguments.projects)
        finally:
            app.terminate()
            app.wait()
    times["every click"] = [time for each in times.values() for time in each]
    report: dict[str, object] = {"command": " ".join(["python", "-m", "bench.clicks", *argv])}
    for name, values in times.items():
        report[name] = {
            "clicks": len(values),
            "median ms": percentile(values, 0.5),
            "95 % ms": percentile(values, 0.95),
        }
    print(json.dumps(report, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

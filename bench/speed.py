"""Seconds and memory of the road from a sentence to a video: `python -m bench.speed --help`.

Cold: `python -m engine run … --auto-approve` from nothing. Warm: the app's own door, with its worker running. Memory is
the sum of the peaks of the page's process and of the worker's.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from engine.configuration import Configuration
from engine.seen import ProjectView
from engine.studio import Studio
from engine.types import Request, Settings

PROMPT = "a red ball bounces next to a blue car in the snow"
PORT = 7933


_PROMPTS = {"edit": "make the ball green", "worldgpt": "the red ball becomes green"}
_OPTIONS: Mapping[str, Settings] = {"digital-worlds": {"world": "voxel"}}
_BRINGS = {"digital-worlds": ("video",)}
"""Uploads that a recipe may have, and that are measured."""


def parser() -> argparse.ArgumentParser:
    """The command line's grammar."""
    made = argparse.ArgumentParser(prog="python -m bench.speed", description=__doc__)
    made.add_argument("--runs", type=int, default=3, help="warm runs; the median is told")
    made.add_argument("--recipes", action="store_true", help="every recipe, warm, and nothing else")
    return made


def wait(studio: Studio, project: str) -> ProjectView:
    """The project once its road is finished; raises RuntimeError when a stage failed, or is left to the person: a mask
    that covers nothing, say, or a third video in which nothing moves."""
    pause = threading.Event()
    while not pause.wait(0.05):
        view = studio.view(project)
        failures = [stage.failure for stage in view.stages if stage.failure]
        if failures:
            raise RuntimeError(failures[0].message)
        if view.finished:
            return view
        stage = view.open_stage
        refused = stage.tries >= stage.stage.tries and all(take.id in stage.turned_down for take in stage.takes)
        if stage.status == "waiting" and refused:
            raise RuntimeError(f"{stage.stage.title} is left to the person")
    raise AssertionError("unreachable")


def warm(home: Path, runs: int) -> dict[str, object]:
    """Text to video with everything approved, by a studio whose worker is alive and has made one video."""
    totals: list[float] = []
    frames: list[float] = []
    with Studio.open(Configuration(home=home)) as studio:
        for run in range(runs + 1):
            start = time.monotonic()
            view = _walked(studio, Request("text-to-video", PROMPT, seed=run))
            totals.append(time.monotonic() - start)
            frames += [take.seconds for stage in view.stages if stage.stage.name == "key_frame" for take in stage.takes]
        memory = sum(peaks(os.getpid()))
    return {
        "first video after start": round(totals[0], 1),
        "text to video, warm (median)": round(statistics.median(totals[1:]), 1),
        "a key frame, warm (median)": round(statistics.median(frames[1:]), 2),
        "peak memory, page and worker (GiB)": round(memory / 2**30, 2),
    }


def recipes(home: Path, runs: int) -> dict[str, object]:
    """Every recipe that the models here can follow, warm: seconds of its machine time, and of each of its stages.

    What they begin with is the clip that text to video has made first, with its own key frame; that run has warmed
    everything, too. Each recipe is told on standard error as soon as it is measured.
    """
    told: dict[str, object] = {}
    with Studio.open(Configuration(home=home)) as studio:
        made = _walked(studio, Request("text-to-video", PROMPT))
        files = {stage.stage.name: stage.chosen.artifact.sha256 for stage in made.stages if stage.chosen}
        clip, image = (studio.read(made.id, files[name]) for name in ("video", "key_frame"))
        given = {"image": image, "video": clip, "second_video": clip}
        for name, recipe in studio.recipes.items():
            uploads = {upload: given[upload] for upload in (*recipe.asks, *_BRINGS.get(name, ())) if upload in given}
            begun = Request(name, _PROMPTS.get(name, PROMPT), dict.fromkeys(uploads, ""), _OPTIONS.get(name, {}))
            try:
                told[name] = _stages([_walked(studio, replace(begun, seed=run), uploads) for run in range(runs)])
            except RuntimeError as error:
                told[name] = f"not measured: {error}"
            sys.stderr.write(f"{name}: {json.dumps(told[name])}\n")
        told["peak memory, page and worker (GiB)"] = round(sum(peaks(os.getpid())) / 2**30, 2)
    return told


def _walked(studio: Studio, request: Request, uploads: Mapping[str, bytes] | None = None) -> ProjectView:
    """A project, everything approved at once."""
    stages = tuple(stage.name for stage in studio.task(request).stages)
    return wait(studio, studio.create(replace(request, automatic=stages), uploads))


def _stages(views: Sequence[ProjectView]) -> dict[str, float]:
    """Median seconds of what was approved at each stage, and of all of it."""
    rows = [{stage.stage.name: stage.chosen.seconds for stage in view.stages if stage.chosen} for view in views]
    whole = statistics.median(sum(row.values()) for row in rows)
    return {
        "all": round(whole, 2),
        **{name: round(statistics.median(row[name] for row in rows), 2) for name in rows[0]},
    }


def peaks(process: int) -> Iterator[int]:
    """Peak resident bytes of a process and of its children (Linux)."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            yield int(line.split()[1]) * 1024
    for task in Path(f"/proc/{process}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from peaks(int(child))


def cold(home: Path) -> float:
    """Seconds of the command line, from nothing to video.mp4."""
    command = [sys.executable, "-m", "engine", "run", "text-to-video", "--prompt", PROMPT, "--auto-approve", "--json"]
    start = time.monotonic()
    environment = {**os.environ, "GREENLIGHT_HOME": str(home)}
    subprocess.run([*command, "--output", str(home / "out")], env=environment, check=True, capture_output=True)
    return round(time.monotonic() - start, 1)


def importing() -> dict[str, object]:
    """Seconds and CPU seconds of `import app`, and whether torch came along."""
    code = "import app, sys; print('torch' in sys.modules)"
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "import app": round(time.monotonic() - start, 2),
        "import app, CPU": round(after.ru_utime - before.ru_utime, 2),
        "torch imported": done.stdout.strip(),
    }


def answering(home: Path) -> float:
    """Seconds from `python app.py` to the page's first answer."""
    environment = {**os.environ, "GREENLIGHT_HOME": str(home), "GREENLIGHT_PORT": str(PORT)}
    start = time.monotonic()
    process = subprocess.Popen([sys.executable, "app.py"], env=environment, stdout=subprocess.DEVNULL)
    pause = threading.Event()
    try:
        while not pause.wait(0.05):
            try:
                with urlopen(f"http://127.0.0.1:{PORT}/", timeout=5) as answer:
                    answer.read()
                return round(time.monotonic() - start, 1)
            except (URLError, OSError):
                if process.poll() is not None:
                    raise RuntimeError("the app ended before it answered") from None
    finally:
        process.terminate()
        process.wait()
    raise AssertionError("unreachable")


def main(argv: list[str]) -> int:
    """Measure and print one JSON object."""
    arguments = parser().parse_args(argv)
    report: dict[str, object] = {"command": " ".join(["python", "-m", "bench.speed", *argv]), "cores": os.cpu_count()}
    with tempfile.TemporaryDirectory() as home:
        if arguments.recipes:
            report["seconds of each recipe, warm (median)"] = recipes(Path(home), arguments.runs)
            print(json.dumps(report, indent=1))
            return 0
        report |= importing()
        report["page answers after"] = answering(Path(home))
        report["text to video, cold process"] = cold(Path(home) / "cold")
        report |= warm(Path(home) / "warm", arguments.runs)
    print(json.dumps(report, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Kill the page's process, the worker, or both with signal 9 at random moments, and look at what is left.

    python -m bench.kill                       200 kills, small pretended agents, about ten minutes
    python -m bench.kill --real --kills 20     the real models

Prints one JSON object; exits with 1 when anything was lost, torn, done twice or left unfinished. Reads /proc: Linux.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

from engine.configuration import Configuration
from engine.events import Cancelled, Decided, Event, Failed, Recorded, Released, Requested, Started
from engine.store.projects import ProjectStore
from engine.studio import Studio
from engine.types import Request

ENOUGH = "enough"
"""A file of this name in the home: begin no further project."""
FAKE = ("tests.jobs.house", "app")
REAL = ("bench.kill", "--app")
_ROOT = Path(__file__).resolve().parents[1]
_AT_ONCE = 3
_END_SECONDS = 600.0


@dataclass(frozen=True)
class Outcome:
    """What a storm of kills left."""

    kills: dict[str, int]
    """web, worker, both -> how many."""
    projects: int
    approved: int
    """Takes that were approved."""
    interrupted: int
    """Times that a take was begun and its worker killed before it ended."""
    laid_down: int
    """Times that a take was laid down because the page was killed."""
    set_aside: int
    """Takes that had lost two workers, and were asked for again."""
    seconds: float
    problems: tuple[str, ...]
    """What was lost, torn, doubled or left; empty when all is well."""


def stream(studio: Studio, home: Path, request: Callable[[int], Request]) -> None:
    """The page's side: begin projects, a few at a time, until there are enough; ask again for what was set aside."""
    pulse = threading.Event()
    while True:
        open_projects = [row for row in studio.projects() if not row.finished]
        for row in open_projects:
            if row.status == "failed":
                studio.retry(row.id, row.open_stage)
        if not (home / ENOUGH).exists() and len(open_projects) < _AT_ONCE:
            studio.create(request(len(studio.projects())))
        elif (home / ENOUGH).exists() and not open_projects:
            return
        pulse.wait(0.05)


def storm(home: Path, app: Sequence[str], kills: int, longest_wait_seconds: float, random: Random) -> Outcome:
    """Run `app` (module and arguments) on `home`, kill so many times, let it finish, and look."""
    begun = time.monotonic()
    command = [sys.executable, "-m", *app, str(home)]
    pulse = threading.Event()
    counted: Counter[str] = Counter()
    seen: dict[tuple[str, str], str] = {}
    process = subprocess.Popen(command, cwd=_ROOT)
    try:
        for _ in range(kills):
            pulse.wait(random.uniform(0.0, longest_wait_seconds))
            target = random.choice(("web", "worker", "both"))
            counted[target] += 1
            _kill(process, target)
            if target != "worker":
                process.wait()
                process = subprocess.Popen(command, cwd=_ROOT)
            seen |= _approvals(home)
        (home / ENOUGH).touch()
        process.wait(_END_SECONDS)
    finally:
        process.kill()
        process.wait()
    return _outcome(home, counted, seen, time.monotonic() - begun)


def _kill(process: subprocess.Popen[bytes], target: str) -> None:
    workers = _children(process.pid) if target != "web" else []
    for pid in ([process.pid] if target != "worker" else []) + workers:
        subprocess.run(["kill", "-9", str(pid)], check=False, stderr=subprocess.DEVNULL)


def _children(pid: int) -> list[int]:
    return [int(child) for task in Path(f"/proc/{pid}/task").glob("*/children") for child in task.read_text().split()]


def _approvals(home: Path) -> dict[tuple[str, str], str]:
    """Project and stage -> the take that its journal says is approved."""
    store = ProjectStore(home)
    approved: dict[tuple[str, str], str] = {}
    for project in store.ids():
        for entry in store.project(project).entries:
            if isinstance(entry.event, Decided) and entry.event.decision.take is not None:
                decision = entry.event.decision
                approved[project, decision.stage] = decision.take or ""
    return approved


def _outcome(home: Path, kills: Counter[str], seen: dict[tuple[str, str], str], seconds: float) -> Outcome:
    store = ProjectStore(home)
    now = _approvals(home)
    problems = [*store.verify()]
    problems += [
        f"{key}: {take} was approved, now {now.get(key)}" for key, take in seen.items() if now.get(key) != take
    ]
    failed = 0
    counted: Counter[type[Event]] = Counter()
    for project in store.ids():
        events = [entry.event for entry in store.project(project).entries]
        ends = Counter(_ended(event) for event in events)
        requested = [event for event in events if isinstance(event, Requested)]
        lost = [event.take for event in events if isinstance(event, Failed)]
        counted += Counter(type(event) for event in events)
        failed += len(lost)
        problems += [f"{project}: {one.take} ended {ends[one.take]} times" for one in requested if ends[one.take] != 1]
        stages = Counter(one.stage for one in requested if one.take not in lost)
        problems += [f"{project}: {stage} was made {times} times" for stage, times in stages.items() if times != 1]
    return Outcome(
        kills=dict(kills),
        projects=len(store.ids()),
        approved=len(now),
        interrupted=counted[Started] - counted[Released] - counted[Recorded],
        laid_down=counted[Released],
        set_aside=failed,
        seconds=round(seconds, 1),
        problems=tuple(problems),
    )


def _ended(event: Event) -> str | None:
    """The take that the event ends."""
    match event:
        case Recorded(take=take):
            return take.id
        case Failed(take=name) | Cancelled(take=name):
            return name
        case _:
            return None


def _real_app(home: Path) -> None:
    words = ("a red ball rolls over the beach", "a blue bird flies over the sea", "a green car drives down the road")

    def request(number: int) -> Request:
        settings = {"video": {"frames": 9, "steps": 4}, "key_frame": {"steps": 4}}
        stages = ("prompt", "key_frame", "video")
        return Request("text-to-video", words[number % 3], seed=number, settings=settings, automatic=stages)

    with Studio.open(Configuration(home)) as studio:
        stream(studio, home, request)


def main() -> int:
    """Run a storm as the command line says."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.kill", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0, help="of the random moments and targets")
    parser.add_argument("--real", action="store_true", help="the real agents instead of pretended ones")
    parser.add_argument("--app", type=Path, metavar="HOME", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.app is not None:
        _real_app(chosen.app)
        return 0
    with tempfile.TemporaryDirectory(prefix="greenlight-kill-") as home:
        app, longest = (REAL, 45.0) if chosen.real else (FAKE, 4.0)
        outcome = storm(Path(home), app, chosen.kills, longest, Random(chosen.seed))
    json.dump(asdict(outcome), sys.stdout, indent=1)
    return 1 if outcome.problems else 0


if __name__ == "__main__":
    sys.exit(main())

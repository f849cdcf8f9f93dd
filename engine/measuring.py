"""Videos measured beside the page: each measurement is a folder and a process that fills it, so a page only reads.

`GREENLIGHT_HOME/evaluations/ID/` holds `wish.json` (what was asked for), `videos/` and `against/` (what the person
brought), `figures/` (the report of `python -m engine evaluate`, which goes on where it stopped) and `log`. The process
ends with the page's server; what it measured stays, and `go_on` takes it up.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock
from typing import Final

from engine.errors import SettingError, StorageError, UnknownProjectError
from engine.evaluate.metrics.table import METRICS
from engine.evaluate.viewing import FIRST, SECOND, SUFFIXES
from engine.measurements import LOG, WISH, Wish, count, differences, figures, last_line, report_of, rows, wish_of
from engine.seen import Measurement
from engine.store.projects import new_id

_FOLDER: Final = "evaluations"
_ROOT: Final = Path(__file__).resolve().parents[1]
_BESIDE: Final = {FIRST: "videos", SECOND: "against"}
REPORTS: Final = ("report.json", "report.csv", "report.html")
"""What can be taken along."""


@dataclass(slots=True)
class _Run:
    """One process at work."""

    process: subprocess.Popen[bytes]
    began: float
    done: int
    """Videos that were measured before it began."""


class Measuring:
    """The measurements of a home. Threads may share it; the process that began one watches over it."""

    def __init__(self, home: Path, command: Callable[[Sequence[str]], Sequence[str]] | None = None) -> None:
        """command: from what follows `evaluate` to what is started; tests give a quicker one."""
        self._home = home
        self._folder = home / _FOLDER
        self._command = command or _engine
        self._runs: dict[str, _Run] = {}
        self._turn = RLock()

    @property
    def metrics(self) -> tuple[str, ...]:
        """Names of all that can be measured."""
        return tuple(METRICS)

    def of_project(self, project: str, title: str, videos: int, metrics: Sequence[str]) -> str:
        """Measure every video of a project; returns the measurement's id. Raises SettingError, StorageError."""
        if not videos:
            raise SettingError("The project has no video yet", "Make one first.", value=title)
        return self._begin(Wish(title, _known(metrics), project, videos, at=_now()), {})

    def of_files(self, videos: Sequence[Path], against: Sequence[Path], metrics: Sequence[str]) -> str:
        """Measure videos, and hold them against others of the same names; returns the measurement's id.

        Raises SettingError for what is no video or has a name twice, StorageError.
        """
        if not videos:
            raise SettingError("There is nothing to measure", "Choose a project, or bring videos.")
        brought = {FIRST: _named(videos), SECOND: _named(against)}
        title = ", ".join([*brought[FIRST]][:3]) + (" …" if len(videos) > 3 else "")
        return self._begin(Wish(title, _known(metrics), "", len(videos) + len(against), bool(against), _now()), brought)

    def view(self) -> tuple[Measurement, ...]:
        """All of them, the newest first. One whose folder cannot be read is left out."""
        if not self._folder.is_dir():
            return ()
        wishes = [(one.name, wish) for one in self._folder.iterdir() if (wish := wish_of(one)) is not None]
        return tuple(self._seen(name, wish) for name, wish in sorted(wishes, key=lambda one: one[1].at, reverse=True))

    def stop(self, name: str) -> None:
        """End its process; what was measured stays."""
        with self._turn:
            run = self._runs.pop(name, None)
        if run is not None:
            _end(run.process)

    def go_on(self, name: str) -> None:
        """Take it up where it stopped. Raises UnknownProjectError, StorageError."""
        wish = wish_of(self._place(name))
        if wish is None:
            raise UnknownProjectError("There is no such measurement", "Begin a new one.", value=name)
        with self._turn:
            if name not in self._runs or self._runs[name].process.poll() is not None:
                self._runs[name] = self._start(name, wish)

    def remove(self, name: str) -> None:
        """Stop it, and remove its folder with the videos that were brought for it."""
        self.stop(name)
        shutil.rmtree(self._place(name), ignore_errors=True)

    def report(self, name: str, file: str) -> Path:
        """Where one of REPORTS lies. Raises UnknownProjectError where there is none yet."""
        path = self._place(name) / "figures" / file
        if file not in REPORTS or not path.is_file():
            raise UnknownProjectError("There is no such report yet", "Wait for the first videos.", value=file[:80])
        return path

    def close(self) -> None:
        """End every process."""
        for name in [*self._runs]:
            self.stop(name)

    def _place(self, name: str) -> Path:
        """The folder of one. Raises UnknownProjectError for a name that is none."""
        if not name.isalnum() or not (self._folder / name).is_dir():
            raise UnknownProjectError("There is no such measurement", "Choose one of the list.", value=name[:80])
        return self._folder / name

    def _begin(self, wish: Wish, brought: Mapping[str, Mapping[str, Path]]) -> str:
        name = new_id()
        folder = self._folder / name
        try:
            for system, files in brought.items():
                (folder / _BESIDE[system]).mkdir(parents=True)
                for called, path in files.items():
                    shutil.copyfile(path, folder / _BESIDE[system] / called)
            folder.mkdir(parents=True, exist_ok=True)
            (folder / WISH).write_text(json.dumps(asdict(wish), ensure_ascii=False) + "\n", encoding="utf-8")
        except OSError as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise StorageError("The videos cannot be kept", "Free some space.", value=str(error.strerror)) from error
        self.go_on(name)
        return name

    def _start(self, name: str, wish: Wish) -> _Run:
        folder = self._folder / name
        words = ["project", wish.project] if wish.project else ["files", str(folder / _BESIDE[FIRST])]
        words += ["--against", str(folder / _BESIDE[SECOND])] if wish.against else []
        words += ["--metric", *wish.metrics] if wish.metrics else []
        words += ["--output", str(folder / "figures"), "--attached"]
        environment = {**os.environ, "GREENLIGHT_HOME": str(self._home), "OMP_NUM_THREADS": "1"}
        try:
            with (folder / LOG).open("wb") as log:
                process = subprocess.Popen(
                    self._command(words), cwd=_ROOT, env=environment, stdin=subprocess.PIPE, stdout=log, stderr=log
                )
        except OSError as error:
            raise StorageError("The measurement cannot begin", "Try again.", value=str(error.strerror)) from error
        return _Run(process, time.monotonic(), count(folder))

    def _seen(self, name: str, wish: Wish) -> Measurement:
        folder = self._folder / name
        run = self._runs.get(name)
        done, code = count(folder), None if run is None else run.process.poll()
        running = run is not None and code is None
        if run is not None and not running and run.process.stdin is not None:
            run.process.stdin.close()
        report = report_of(folder)
        whole = report is not None and len(report["videos"]) >= wish.videos
        left = None
        if run is not None and running and done > run.done:
            left = (time.monotonic() - run.began) / (done - run.done) * max(0, wish.videos - done)
        failed = not running and bool(code)
        return Measurement(
            name, wish.title, "running" if running else "done" if whole else "failed" if failed else "stopped",
            min(done, wish.videos), wish.videos, left, last_line(folder) if failed else "",
            tuple(figures(report)), tuple(differences(report)),
            tuple(str(one["name"]) + ": " + str(one["failure"]) for one in rows(report) if one["failure"]),
        )  # fmt: skip


def _engine(words: Sequence[str]) -> Sequence[str]:
    return (sys.executable, "-m", "engine", "evaluate", *words)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdin is not None:
        process.stdin.close()


def _known(metrics: Sequence[str]) -> tuple[str, ...]:
    unknown = [name for name in metrics if name not in METRICS]
    if unknown:
        raise SettingError("There is no such metric", "Choose others.", value=", ".join(unknown)[:80])
    return tuple(metrics)


def _named(paths: Sequence[Path]) -> dict[str, Path]:
    """Files by their names; two systems' videos of one name are a pair."""
    found: dict[str, Path] = {}
    for path in paths:
        if path.suffix.lower() not in SUFFIXES:
            limit = ", ".join(SUFFIXES)
            raise SettingError("This is no video", "Bring videos alone.", value=path.name[:80], limit=limit)
        if path.name in found:
            raise SettingError("Two videos have one name", "Give one of them another.", value=path.name[:80])
        found[path.name] = path
    return found


def _now() -> str:
    return datetime.now(UTC).isoformat()

"""Videos measured beside the page: each measurement is a folder and a process that fills it, so a page only reads.

`GREENLIGHT_HOME/evaluations/ID/` holds `wish.json` (what was asked for), `videos/` and `against/` (what the person
brought), `figures/` (the report of `python -m engine evaluate`, which goes on where it stopped) and `log`. The process
ends with the page's server; what it measured stays, and `go_on` takes it up.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from engine import checks, interviews
from engine.beside import Beside
from engine.configuration import DEFAULT_KEY_VARIABLE, LanguageModel
from engine.errors import SettingError, StorageError, UnknownProjectError
from engine.evaluate.metrics.table import METRICS
from engine.evaluate.videoverse.edition import PROMPTS
from engine.evaluate.viewing import FIRST, SECOND, SUFFIXES
from engine.interviews import FOLDERS, RESULTS, Questioners
from engine.measured import Course, Looked, Measurement
from engine.measurements import (
    LOG,
    WISH,
    Wish,
    count,
    differences,
    facts,
    figures,
    last_line,
    report_of,
    rows,
    whole,
    wish_of,
)  # fmt: skip
from engine.store.projects import new_id

_FOLDER: Final = "evaluations"
_ROOT: Final = Path(__file__).resolve().parents[1]
_BESIDE: Final = dict(zip((FIRST, SECOND), FOLDERS, strict=True))
_MOST_SEEDS: Final = 8
_LONGEST_NAME: Final = 40
"""Letters of an id; a longer one is no folder's name."""
REPORTS: Final = ("report.json", "report.csv", "report.html")
"""What can be taken along."""


class Measuring:
    """The measurements of a home. Threads may share it; the process that began one watches over it."""

    def __init__(
        self,
        home: Path,
        command: Callable[[Sequence[str]], Sequence[str]] | None = None,
        language_model: Callable[[], LanguageModel | None] = lambda: None,
        root: Path = _ROOT,
    ) -> None:
        """command: from what follows `evaluate` to what is started; tests give a quicker one. language_model: the one
        that is chosen now. root: whose assets say who can be asked."""
        self.questioners = Questioners(root, language_model)
        self._language_model = language_model
        self._home = home
        self._folder = home / _FOLDER
        self._command = command or _engine
        self._beside = Beside(_ROOT)

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
        files = {f"{_BESIDE[system]}/{called}": path for system in brought for called, path in brought[system].items()}
        return self._begin(Wish(title, _known(metrics), "", len(videos) + len(against), bool(against), _now()), files)

    def of_course(self, course: Course) -> str:
        """Make a benchmark's videos and ask about each; returns the measurement's id. Raises SettingError,
        StorageError."""
        checks.whole("The number of prompts", course.prompts, (1, PROMPTS))
        checks.whole("The number of seeds", course.seeds, (1, _MOST_SEEDS))
        self.questioners.words(course.questioner)
        videos = course.prompts * course.seeds
        return self._begin(Wish("VideoVerse, pocket edition", (), "", videos, at=_now(), course=course), {})

    def of_results(self, path: Path) -> str:
        """Score a result file of VideoVerse; returns the measurement's id. Raises BenchmarkError, StorageError."""
        wish = Wish(path.name, (), "", interviews.videos_of(path), at=_now(), results=True)
        return self._begin(wish, {RESULTS: path})

    def looked(self, name: str, system: str, figure: str) -> tuple[Looked, ...]:
        """The videos behind a figure, with what was asked of each. Raises UnknownProjectError."""
        return interviews.looked(self._place(name), system, figure)

    def video(self, name: str, address: str) -> Path:
        """Where a video of a measurement lies. Raises UnknownProjectError."""
        path = interviews.video(self._place(name), address)
        if path is None:
            raise UnknownProjectError("There is no such video", "Reload the page.", value=address[:80])
        return path

    def view(self) -> tuple[Measurement, ...]:
        """All of them, the newest first. One whose folder cannot be read is left out."""
        if not self._folder.is_dir():
            return ()
        wishes = [(one.name, wish) for one in self._folder.iterdir() if (wish := wish_of(one)) is not None]
        return tuple(self._seen(name, wish) for name, wish in sorted(wishes, key=lambda one: one[1].at, reverse=True))

    def stop(self, name: str) -> None:
        """End its process; what was measured stays."""
        self._beside.stop(name)

    def go_on(self, name: str) -> None:
        """Take it up where it stopped. Raises UnknownProjectError, SettingError for who cannot be asked any more,
        StorageError."""
        folder = self._place(name)
        wish = wish_of(folder)
        if wish is None:
            raise UnknownProjectError("There is no such measurement", "Begin a new one.", value=name)
        command = self._command([*self._words(folder, wish), "--output", str(folder / "figures"), "--attached"])
        self._beside.start(name, command, self._environment(wish), folder / LOG, count(folder, wish))

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
        self._beside.close()

    def _place(self, name: str) -> Path:
        """The folder of one. Raises UnknownProjectError for a name that is none."""
        if not name.isalnum() or len(name) > _LONGEST_NAME or not (self._folder / name).is_dir():
            raise UnknownProjectError("There is no such measurement", "Choose one of the list.", value=name[:80])
        return self._folder / name

    def _begin(self, wish: Wish, brought: Mapping[str, Path]) -> str:
        """brought: address in the measurement's folder -> a file of the person."""
        name = new_id()
        folder = self._folder / name
        try:
            folder.mkdir(parents=True)
            for address, path in brought.items():
                (folder / address).parent.mkdir(exist_ok=True)
                shutil.copyfile(path, folder / address)
            (folder / WISH).write_text(json.dumps(asdict(wish), ensure_ascii=False) + "\n", encoding="utf-8")
        except OSError as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise StorageError("The files cannot be kept", "Free some space.", value=str(error.strerror)) from error
        self.go_on(name)
        return name

    def _environment(self, wish: Wish) -> Mapping[str, str]:
        """What the process is told; of the language model's key what the environment has, where it may be asked."""
        model = self._language_model() if wish.course else None
        key = {} if model is None else {DEFAULT_KEY_VARIABLE: os.environ.get(model.key_variable, "")}
        return {**os.environ, "GREENLIGHT_HOME": str(self._home), "OMP_NUM_THREADS": "1", **key}

    def _words(self, folder: Path, wish: Wish) -> list[str]:
        """What follows `evaluate`. Raises SettingError for who cannot be asked any more."""
        if wish.course:
            return [*interviews.words(wish.course, folder), *self.questioners.words(wish.course.questioner)]
        if wish.results:
            return ["videoverse", "--results", str(folder / RESULTS)]
        words = ["project", wish.project] if wish.project else ["files", str(folder / _BESIDE[FIRST])]
        words += ["--against", str(folder / _BESIDE[SECOND])] if wish.against else []
        return [*words, *(["--metric", *wish.metrics] if wish.metrics else [])]

    def _seen(self, name: str, wish: Wish) -> Measurement:
        folder = self._folder / name
        run = self._beside.run(name)
        code = None if run is None else run.code
        report = report_of(folder)
        ended, running = whole(report, wish), run is not None and code is None
        done = min(wish.videos if ended else count(folder, wish), wish.videos)
        left = None if run is None else run.seconds_left(done, wish.videos)
        failed = bool(code) and not ended
        return Measurement(
            name, wish.title, "running" if running else "done" if ended else "failed" if failed else "stopped",
            done, wish.videos, left, last_line(folder) if failed else "",
            tuple(figures(report)), tuple(differences(report)),
            tuple(dict.fromkeys(f"{one['name']}: {one['failure']}" for one in rows(report) if one["failure"])),
            tuple(facts(report)),
        )  # fmt: skip


def _engine(words: Sequence[str]) -> Sequence[str]:
    return (sys.executable, "-m", "engine", "evaluate", *words)


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

"""`models`: what there is, fetched when it is asked for, checked, removed."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TextIO

from engine.errors import GreenlightError, SettingError
from engine.house import ROOT
from engine.models.device import gpu_gib
from engine.models.hub.fetching import Hub, Plan
from engine.models.hub.progress import Progress
from engine.models.hub.refusals import sized
from engine.models.manifest import verify
from engine.models.stock import OUTSIDE, Line, lines, sources

_TELL_SECONDS = 0.2


class Shelf:
    """The models of one machine, in the terminal."""

    def __init__(self, results: TextIO, progress: TextIO, hub: Hub) -> None:
        self._results, self._progress = results, progress
        self._hub = hub
        self._told = (0.0, "")

    def run(self, chosen: argparse.Namespace) -> int:
        """Do what `models` was asked for; returns the exit code. Raises GreenlightError."""
        actions: Mapping[str | None, Callable[[argparse.Namespace], int]] = {
            None: self._list,
            "fetch": self._fetch,
            "check": self._check,
            "remove": self._remove,
        }
        return actions[chosen.action](chosen)

    # --------------------------------------------------------------------------------------------- the list

    def _list(self, chosen: argparse.Namespace) -> int:
        found = list(lines(self._hub.kept, ROOT, gpu_gib()))
        if chosen.json:
            self._write_json([asdict(line) for line in found])
            return 0
        table = [("NAME", "HERE", "SIZE", "MEMORY", "LICENCE", "JOBS")]
        table += [
            (line.name, line.here, _size(line), line.memory or OUTSIDE, line.licence, ", ".join(line.jobs) or OUTSIDE)
            for line in found
        ]
        widths = [max(len(row[column]) for row in table) for column in range(5)]
        for row in table:
            cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=False))
            self._write(f"{'  '.join(cells)}  {row[-1]}")
        return 0

    # -------------------------------------------------------------------------------------------- the others

    def _fetch(self, chosen: argparse.Namespace) -> int:
        """`fetch NAME`: asks the hub, says what is to come, brings it."""
        begun = time.monotonic()
        told: list[Mapping[str, object]] = []
        for source in sources(chosen.model, chosen.revision, ROOT):
            self._say(f"Asking {self._hub.wire.endpoint} for {source.repository}")
            plan = self._hub.plan(*source)
            self._say(_announcement(plan))
            try:
                folder = self._hub.fetch(plan, self._tell)
            except KeyboardInterrupt:
                self._say("\nStopped. What came is kept: the same command goes on from there.")
                return 130
            finally:
                self._clear()
            told.append(_outcome(plan, folder))
            if not chosen.json:
                self._write(str(folder))
        if chosen.json:
            self._write_json({"models": told, "seconds": round(time.monotonic() - begun, 3)})
        return 0

    def _check(self, chosen: argparse.Namespace) -> int:
        """`check [NAME]`: every file hashed again."""
        problems: list[str] = []
        checked: list[str] = []
        for line in lines(self._hub.kept, ROOT):
            names = (line.name, *(stock.repository for stock in line.held))
            if line.here == "not here" or (chosen.model and chosen.model not in names):
                continue
            self._say(f"Reading {line.name}: {sized(line.size_bytes)}")
            checked.append(line.name)
            problems += map(str, self._problems(line))
        if chosen.model and not checked:
            raise SettingError("No model of this name is here", "`models` lists what is here.", value=chosen.model)
        if chosen.json:
            self._write_json({"checked": checked, "problems": problems})
        else:
            self._write(*(problems or ["Every file is the one that it should be."]))
        return 1 if problems else 0

    def _problems(self, line: Line) -> Iterator[GreenlightError]:
        """What is wrong with a model; of a folder of one's own nobody knows what it should be."""
        try:
            if line.here == "ships":
                verify(Path(line.folder))
            for stock in line.held:
                yield from self._hub.kept.check(stock.repository, stock.revision)
        except GreenlightError as problem:
            yield problem

    def _remove(self, chosen: argparse.Namespace) -> int:
        """`remove NAME`: its files, and what is remembered of it."""
        named = [(one.repository, one.revision) for one in sources(chosen.model, chosen.revision, ROOT)]
        there = [one for one in named if self._hub.kept.stock(*one).commit] or named[:1]
        freed = sum(self._hub.kept.remove(repository, revision) for repository, revision in there)
        if chosen.json:
            self._write_json({"model": chosen.model, "freed_bytes": freed})
        else:
            self._write(f"{sized(freed)} freed")
        return 0

    # ------------------------------------------------------------------------------------------------ telling

    def _tell(self, progress: Progress) -> None:
        """Say how far it is: on a screen in one line that changes, elsewhere one line a file."""
        at, file = self._told
        now = time.monotonic()
        if not self._progress.isatty():
            if progress.file != file:
                self._say(f"{progress.file}: {sized(progress.file_bytes)}")
                self._told = (now, progress.file)
        elif now - at >= _TELL_SECONDS or progress.done_bytes == progress.in_all_bytes:
            self._progress.write(f"\r\x1b[K{_line(progress)}")
            self._progress.flush()
            self._told = (now, progress.file)

    def _clear(self) -> None:
        if self._progress.isatty():
            self._progress.write("\r\x1b[K")
            self._progress.flush()

    def _say(self, text: str) -> None:
        self._progress.write(f"{text}\n")
        self._progress.flush()

    def _write(self, *lines: str) -> None:
        self._results.writelines(f"{line}\n" for line in lines)
        self._results.flush()

    def _write_json(self, value: object) -> None:
        json.dump(value, self._results, ensure_ascii=False, indent=1)
        self._write("")


def _size(line: Line) -> str:
    """What it takes up, and of how much while it is not whole."""
    of = f" of {sized(line.whole_bytes)}" if line.whole_bytes and line.here in ("in part", "not here") else ""
    return sized(line.size_bytes) + of


def _announcement(plan: Plan) -> str:
    precision = f", in {plan.variant}" if plan.variant else ""
    here = f", {sized(plan.here_bytes)} are here" if plan.here_bytes else ""
    return f"{plan.repository} at {plan.commit[:12]}{precision}: {sized(plan.fetch_bytes)} to fetch{here}"


def _outcome(plan: Plan, folder: Path) -> Mapping[str, object]:
    files = [{"name": file.name, "size_bytes": file.size_bytes, "digest": file.digest} for file in plan.files]
    asked = {"repository": plan.repository, "revision": plan.revision, "commit": plan.commit, "variant": plan.variant}
    return {**asked, "folder": str(folder), "fetched_bytes": plan.fetch_bytes, "files": files}


def _line(progress: Progress) -> str:
    share = progress.done_bytes / max(progress.in_all_bytes, 1)
    left = "" if progress.seconds_left is None else f", {progress.seconds_left:.0f} s left"
    rate = f", {sized(int(progress.bytes_per_second))} a second" if progress.bytes_per_second else ""
    done = f"{sized(progress.done_bytes)} of {sized(progress.in_all_bytes)}"
    return f"{share:.0%} ({done}{rate}{left}): {progress.file}"

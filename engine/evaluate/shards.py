"""Cases spread over processes, each with its own agents; what they find comes back as it is found.

What a case gives depends on its number and seed alone, never on which process took it, or after what.
"""

from __future__ import annotations

import io
import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cache

from engine.errors import GreenlightError, WorkerLostError
from engine.evaluate.aims import MEASURES
from engine.evaluate.cases import Case
from engine.evaluate.ledger import Record
from engine.evaluate.sheets import panel
from engine.evaluate.table import TABLE
from engine.evaluate.workbench import Workbench

_SEEDS_APART = 100_003
"""Noise is drawn anew for every case: seed times this, and the case's number."""
Making = Callable[[], Workbench]
"""Sets up the agents of a process; pickles and is equal to its copies, unless there is only one process."""


@dataclass(frozen=True, slots=True)
class Errand:
    """One case with one seed of one measure."""

    measure: str
    number: int
    seed: int
    shown: bool = False
    """Whether a picture of it is wanted."""

    @property
    def key(self) -> tuple[str, int, int]:
        """As engine.evaluate.ledger.Record.key."""
        return self.measure, self.number, self.seed


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an errand."""

    record: Record
    panel: bytes | None
    """PNG."""


def errands(sizes: Mapping[str, int], seeds: int, shown: int) -> list[Errand]:
    """All that is to be done for so many cases of each measure, with so many seeds.

    All measures go on together, case by case with all of its seeds, so that a run that is cut short has some of each.
    shown: of how many cases of each a picture is wanted, with their first seed.
    """
    places = [
        ((number * seeds + seed + 0.5) / (cases * seeds), Errand(name, number, seed, seed == 0 and number < shown))
        for name, cases in sizes.items()
        for number in range(cases)
        for seed in range(seeds)
    ]
    return [errand for _, errand in sorted(places, key=lambda place: place[0])]


def run(wanted: Sequence[Errand], make: Making, processes: int) -> Iterator[Outcome]:
    """Do all errands; outcomes come in any order. One process: here, else in as many of their own.

    Raises WorkerLostError when a process is killed, and what `make` raises.
    """
    if processes == 1:
        bench = make()
        yield from (take(bench, errand) for errand in wanted)
        return
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(min(processes, len(wanted)) or 1, context, _end_with_parent)
    try:
        for done in as_completed([pool.submit(_take_here, make, errand) for errand in wanted]):
            yield done.result()
    except BrokenProcessPool as error:
        raise WorkerLostError(
            "A process that measured has ended", "Run it again with fewer --processes: it goes on from here."
        ) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def take(bench: Workbench, errand: Errand) -> Outcome:
    """Measure one case. What goes wrong in it is written down, and keeps no other from being measured."""
    taken = TABLE[errand.measure]
    try:
        case = taken.measure(bench, errand.number, errand.seed * _SEEDS_APART + errand.number)
        truth = taken.on_truth(bench, errand.number) if taken.on_truth and errand.seed == 0 else {}
    except Exception as error:
        told = str(error) if isinstance(error, GreenlightError) else f"{type(error).__name__}: {error}"
        return Outcome(Record(*errand.key, failure=told), None)
    return Outcome(Record(*errand.key, case.row, truth), _picture(case, errand) if errand.shown else None)


def _picture(case: Case, errand: Errand) -> bytes | None:
    if not MEASURES[errand.measure].recipe:
        return None
    data = io.BytesIO()
    panel(case).save(data, "PNG")
    return data.getvalue()


@cache
def _bench(make: Making) -> Workbench:
    """The agents of this process."""
    return make()


def _take_here(make: Making, errand: Errand) -> Outcome:
    return take(_bench(make), errand)


def _end_with_parent() -> None:
    """Let a process end when the one that began it does, however that came."""
    parent = multiprocessing.parent_process()

    def wait() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=wait, daemon=True).start()

"""Who holds the device: one job at a time. Models stay loaded as long as there is room, and some time at most.

Each run is estimated first and held against what is free: see engine.models.memory. A CPU's memory is not counted:
there the model that was used last stays, whole.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import torch

from engine.errors import GreenlightError, WeightsMissingError
from engine.models.loader import load
from engine.models.memory import failures
from engine.models.memory.accelerator import Device
from engine.models.memory.estimate import choose, estimate, too_little
from engine.models.memory.holding import Clock, Holding, Load, Loaded, Plan
from engine.models.memory.modes import DEVICE, MODES, Mode
from engine.models.memory.reading import ReadAhead
from engine.models.profiles import CRITIC, POCKET, detector, profile
from engine.models.script import Sampling
from engine.types import ModelProfile, Settings

ROOT = Path(__file__).resolve().parents[2]
"""The project's root: folder repositories start here."""
T = TypeVar("T")
Tell = Callable[[str], None]
"""Says a line to the person."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How models are held."""

    mode: Mode | None = None
    """The way that was asked for; `None`: what the estimate says."""
    idle_seconds: float = 900.0
    """How long a model stays that nobody uses, where memory is counted."""
    clock: Clock = time.monotonic


@dataclass(frozen=True)
class Work:
    """One run, as a lease is asked for it."""

    profile: ModelProfile
    """Its model."""
    sampling: Sampling
    """Its size and length."""
    tell: Tell = lambda line: None
    """Hears of every way that did not do."""
    mode: Mode | None = None
    """How the stage wants the model held; `None`: as the terms say."""

    @property
    def shape(self) -> tuple[str, int, int, int]:
        """The same for runs that need the same memory."""
        return self.profile.name, self.sampling.width, self.sampling.height, self.sampling.frames


class Lease:
    """Lends the device. `borrow` and `run` wait for their turn, and load the model if it is not there."""

    def __init__(
        self,
        device: torch.device | Device | None = None,
        load: Load = load,
        root: Path = ROOT,
        rows: Sequence[ModelProfile] | None = None,
        terms: Terms | None = None,
    ) -> None:
        """rows: the models that it knows; the table's where nothing is said."""
        self._rows = rows
        self._root = root
        self._terms = terms or Terms()
        self._holding = Holding(device, load, root, self._terms.clock)
        self._turn = threading.Lock()
        self._learnt: dict[tuple[str, int, int, int], Mode] = {}
        """Runs that ran out of memory -> the way that is left for their like."""
        self._gone: GreenlightError | None = None
        self._ahead = ReadAhead()

    def profile(self, settings: Settings) -> ModelProfile:
        """The row that a stage's settings name. Raises SettingError for one that is not there."""
        return profile(str(settings.get("profile", POCKET.name)), self._rows)

    def detector(self, settings: Settings) -> ModelProfile:
        """The detector that a stage's settings name. Raises SettingError for one that is not there."""
        return detector(str(settings.get("profile", POCKET.name)), self._rows)

    def critic(self) -> ModelProfile:
        """The critic that there is. Raises WeightsMissingError where none was trained into assets."""
        if not (self._root / CRITIC.repository).is_dir():
            what = "The pocket critic is not here"
            raise WeightsMissingError(
                what, "Train one: `python -m engine train critic --help`.", value=CRITIC.repository
            )
        return CRITIC

    @contextmanager
    def borrow(self, profile: ModelProfile) -> Iterator[Loaded]:
        """The profile's model, for this block alone, which is not run again when memory runs out.

        Raises what `run` raises.
        """
        with self._turn:
            yield from self._lent(profile)

    def run(self, work: Work, job: Callable[[Loaded], T]) -> T:
        """Run a job with its model, held as was asked or as the estimate says. When memory runs out, while loading or
        at work, the model is let go and the job begun again with it held in the next thriftier way: it is never
        another model.

        Raises WeightsMissingError, WeightsAlteredError; OutOfMemoryError when no way is left, NoDeviceError for a model
        that needs a GPU where there is none, DeviceLostError; and what the job raises.
        """
        with self._turn:
            first = self._plan(work.profile, work)
            tried: list[Mode] = []
            for plan in _ways(first):
                if tried and plan is not None:
                    self._learnt[work.shape] = plan.mode
                    work.tell(f"Out of memory with {tried[-1].said}, so it is made with {plan.mode.said}.")
                tried.append(plan.mode if plan else DEVICE)
                try:
                    return job(self._holding.ready(work.profile, plan))
                except RuntimeError as error:
                    reason, gone = failures.read(error)
                # only here, with the error gone, does nothing hold the frames that hold the tensors
                ended = self._ended(work.profile, reason, gone, tried)
                if gone:
                    break
            raise ended

    def warm(self, profile: ModelProfile) -> torch.device:
        """Load a model ahead of its first job, where nobody is at work and none is loaded; returns the device.

        Never waits: whoever is at work loads what they need themselves. Raises what `run` raises.
        """
        if self._turn.acquire(blocking=False):
            try:
                if not self._holding:
                    for _ in self._lent(profile):
                        pass
            finally:
                self._turn.release()
        return self._holding.device.place

    def read_ahead(self, profile: ModelProfile) -> None:
        """Read a model's files into the system's memory while nothing else is done, until the next job begins."""
        if profile.name not in self._holding and not self._turn.locked():
            self._ahead.begin(profile, self._root)

    def rest(self) -> None:
        """Let models go that nobody has used for a while. Does nothing while a job runs."""
        if self._turn.acquire(blocking=False):
            try:
                self._holding.rest(self._terms.idle_seconds)
            finally:
                self._turn.release()

    def _lent(self, profile: ModelProfile) -> Iterator[Loaded]:
        """The model, once, for whoever has the turn."""
        plan = self._plan(profile, None)
        try:
            yield self._holding.ready(profile, plan)
            return
        except RuntimeError as error:
            reason, gone = failures.read(error)
        raise self._ended(profile, reason, gone, [plan.mode if plan else DEVICE])

    def _plan(self, profile: ModelProfile, work: Work | None) -> Plan | None:
        """How to hold the model for a run; `None` where memory is not counted.

        Raises OutOfMemoryError where it cannot fit, DeviceLostError once the device is lost.
        """
        if self._gone is not None:
            raise self._gone
        self._ahead.stop()
        room = self._holding.room()
        if room is None:
            return None
        told = estimate(profile, self._root, work.sampling if work else None)
        mode = choose(profile.title, told, room, (work and work.mode) or self._terms.mode)
        learnt = self._learnt.get(work.shape, mode) if work else mode
        return Plan(max(mode, learnt, key=MODES.index), told)

    def _ended(self, profile: ModelProfile, reason: str, gone: bool, tried: Sequence[Mode]) -> GreenlightError:
        """Let everything go; the error that says so."""
        if gone:
            self._holding.abandon()
            self._gone = failures.gone(reason)
            return self._gone
        self._holding.clear()
        return too_little(profile.title, reason, tried, self._holding.room())


def _ways(first: Plan | None) -> tuple[Plan | None, ...]:
    """The first plan, and those that are left when it runs out of memory."""
    if first is None:
        return (None,)
    return (first, *(Plan(mode, first.told) for mode in first.told.below(first.mode)))

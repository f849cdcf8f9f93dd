"""What makes one loaded model quicker: which rewrites are on, whether it is compiled, what is left out.

A model keeps its gear from run to run and changes only what a run wants otherwise. When the compiler fails, the run is
begun again without it, and says so: it is never a failed take.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import torch

from engine.models.driving.driver import Pair
from engine.models.memory.modes import Mode
from engine.models.memory.weights import DENOISERS
from engine.models.speed import attention, compiling, rewrites, shortcuts
from engine.models.speed.decoder import LightDecoder
from engine.models.speed.reckoning import Reckoning, Shape
from engine.models.speed.switches import COMPILING
from engine.models.speed.ways import COMPILED, EXACT, STOCK, Way
from engine.models.speed.words import KeptWords
from engine.types import ModelProfile

T = TypeVar("T")
OnStep = Callable[..., None]
"""Hears of a run's beginning, and of each step."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How one run is to be made sooner."""

    way: Way | None
    """As it was asked for; `None`: as the reckoning says."""
    shape: Shape
    """Of the run."""
    worn: tuple[str, ...] = ()
    """Labels of the LoRAs that the model wears for it."""
    tell: Callable[[str], None] = lambda line: None
    """Hears what could not be."""
    pieces: Callable[[Any], None] | None = None
    """Wants frames, uint8 (frames, height, width, 3), as they are decoded, where the model can give them so."""


class Gear:
    """That of one loaded model."""

    def __init__(
        self,
        pipeline: Any,
        profile: ModelProfile,
        device: torch.device,
        mode: Mode | None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pipeline, self._profile, self._device, self._mode = pipeline, profile, device, mode
        self._clock = clock
        self._why_not = compiling.why_not(device)
        self._steps: list[float] = []
        self._worn: tuple[str, ...] = ()
        self._kernels: str | None = None
        self.reckoning = Reckoning()

    def run(self, wanted: Wanted, on_step: OnStep, job: Callable[[OnStep], T]) -> tuple[T, Way]:
        """Do the job, which calls what it is given before its first step and after each; that calls `on_step`. Returns
        what the job gave, and the way it was made.

        Raises WishError for a way that this model cannot go, and what the job raises.
        """
        way = self._chosen(wanted)
        self._dress(wanted.worn)
        self._change(way)
        self._listen(wanted.pieces)
        try:
            made = self._timed(on_step, job)
        except Exception as error:
            if not (way.compiled and compiling.failed(error)):
                raise
            self._why_not = f"the compiler failed ({type(error).__name__})"
        else:
            self._note(way, wanted.shape)
            return made, way
        finally:
            self._rest(way)
        wanted.tell(f"Not compiled: {self._why_not}.")
        self._change(EXACT)
        return self._timed(on_step, job), EXACT

    @property
    def rounded(self) -> bool:
        """Whether the last run decoded in fewer digits than the library does."""
        return any(isinstance(one, LightDecoder) and one.rounds for one in rewrites.of(self._pipeline))

    def account(self, shape: Shape) -> str:
        """What compiling costs and saves, in a sentence; empty where nothing is known yet."""
        return "" if self._why_not else self.reckoning.said(self._profile.driver, shape)

    def _dress(self, worn: tuple[str, ...]) -> None:
        """What was read with other LoRAs on holds no longer: they may change the text encoder."""
        if worn != self._worn:
            self._worn = worn
            for one in rewrites.of(self._pipeline):
                if isinstance(one, KeptWords):
                    one.forget()

    def _chosen(self, wanted: Wanted) -> Way:
        """The way of this run."""
        way = wanted.way
        if way is None:
            pays = self.reckoning.pays(self._profile.driver, wanted.shape) and self._whole
            return COMPILED if pays and not self._why_not and COMPILING not in self._profile.without else EXACT
        if way.compiled and self._why_not:
            wanted.tell(f"Not compiled: {self._why_not}.")
            return EXACT
        if way.shortcut == "eight-bit attention":
            able = all(attention.able(one) for one in self._denoisers)
            attention.check_eight_bits(self._profile.title, able, self._device.type == "cuda")
        return way

    @property
    def _whole(self) -> bool:
        """Whether all of the model is on the device, so that its kernels and not its moves take the time."""
        return self._mode is None or self._mode.offload == "none"

    @property
    def _denoisers(self) -> list[Any]:
        both = (self._pipeline.base, self._pipeline.refiner) if isinstance(self._pipeline, Pair) else (self._pipeline,)
        found = [getattr(one, name, None) for one in both for name in DENOISERS]
        return [one for one in found if isinstance(one, torch.nn.Module)]

    def _change(self, way: Way) -> None:
        for one in rewrites.of(self._pipeline):
            if not way.rewritten or one.name in self._profile.without:
                one.off()
            elif isinstance(one, LightDecoder) and self._device.type == "cuda":
                one.lighten()
            else:
                one.on()
        denoisers = self._denoisers
        for denoiser in denoisers:
            (compiling.compile_denoiser if way.compiled else compiling.leave)(denoiser)
        kernels = [self._attend(denoiser, way) for denoiser in denoisers]
        self._kernels = next((one for one in kernels if one), None)
        if way.shortcut in ("first block", "taylor"):
            shortcuts.begin(self._profile.title, denoisers, way.shortcut)

    def _attend(self, denoiser: Any, way: Way) -> str | None:
        """With the kernels of this way; returns which, where they are not torch's own choice."""
        if not attention.able(denoiser) or self._device.type != "cuda":
            return None
        told = getattr(denoiser.config, "attention_head_dim", 0)  # some have one for each of their blocks
        head = told if isinstance(told, int) else 0
        capability = torch.cuda.get_device_capability(self._device)
        chosen = attention.choose(type(denoiser).__name__, head, capability) if way.rewritten else None
        wanted = attention.EIGHT_BITS if way.shortcut == "eight-bit attention" else chosen
        if wanted is not None:
            denoiser.set_attention_backend(wanted)
        elif self._kernels is not None:
            denoiser.set_attention_backend("native")
        return wanted

    def _listen(self, pieces: Callable[[Any], None] | None) -> None:
        for one in rewrites.of(self._pipeline):
            if isinstance(one, LightDecoder):
                one.heard = pieces

    def _rest(self, way: Way) -> None:
        self._listen(None)
        if way.shortcut:
            shortcuts.end(self._denoisers)

    def _timed(self, on_step: OnStep, job: Callable[[OnStep], T]) -> T:
        self._steps = []

        def stepped(*told: Any) -> None:
            self._steps.append(self._clock())
            on_step(*told)

        return job(stepped)

    def _note(self, way: Way, shape: Shape) -> None:
        """What a run that was not compiled took, its first step reckoned as long as the others."""
        steps = len(self._steps) - 1
        if way in (STOCK, EXACT) and steps > 1:
            pace = (self._steps[-1] - self._steps[1]) / (steps - 1)
            self.reckoning.took(self._profile.driver, shape, pace * steps)

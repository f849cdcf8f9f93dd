"""What an agent is: what it is given, how it tells how far it is, and what it hands back.

Standard library only. The rooms that make, queue and run agents meet here; what lasts is in engine.types.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from engine.types import Kind, Settings, Value

Lane = Literal["device", "words"]
"""Which line a job stands in: one job a device at a time, or work that needs no device."""
Input = str | bytes
"""What an agent gets for a need: a prompt field as text, a whole artifact as the file's bytes."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What an agent hands back: an artifact that is not stored yet."""

    kind: Kind
    """What it is."""
    data: bytes
    """The file, encoded."""
    suffix: str
    """`.png`, `.mp4`, `.json`."""
    settings: Settings = field(default_factory=dict[str, Value])
    """Settings in force, defaults filled in."""
    model: str | None = None
    """Which model made it."""
    revision: str | None = None
    """Which weights."""
    facts: Settings = field(default_factory=dict[str, Value])
    """width, height, frames, fps, seconds: as far as they apply."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a running take is: not durable, replaced several times a second."""

    phase: str
    """`waiting for the model`, `denoising`, `decoding`, `encoding`."""
    step: int = 0
    """Denoising steps done."""
    steps: int = 0
    """Denoising steps in all; 0 while unknown."""
    seconds_left: float | None = None
    """From this machine's own history; `None` while unknown."""
    preview: str | None = None
    """File name of the latent preview (PNG or animated WebP), fetched through Studio.preview."""


class Reporter(Protocol):
    """How an agent tells how far it is, and learns that it should stop."""

    def report(self, progress: Progress, preview: bytes | None = None) -> None:
        """Show the progress, with a picture of the latents (PNG) if there is one.

        Raises engine.errors.TakeCancelled when the person has stopped the take: let it pass through.
        """
        ...


class Agent(Protocol):
    """One kind of work. It knows no store, no task, no page."""

    @property
    def name(self) -> str:
        """`prompt_writer`, `text_to_image`, …: what Stage.agent names."""
        ...

    @property
    def needs(self) -> frozenset[str]:
        """Names of the inputs that `run` requires."""
        ...

    @property
    def takes(self) -> frozenset[str]:
        """Names of the inputs that `run` can do without."""
        ...

    @property
    def yields(self) -> Kind:
        """Kind of the draft that `run` returns."""
        ...

    def run(self, inputs: Mapping[str, Input], seed: int, settings: Settings, reporter: Reporter) -> Draft:
        """Make one draft. The same inputs, seed and settings give the same draft (language models apart)."""
        ...

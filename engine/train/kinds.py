"""What the generator is trained on: kinds of steps, the clips they take, and the numbers of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.train.stream import StreamOptions, Subject


@dataclass(frozen=True)
class Kind:
    """One kind of training step."""

    pool: str
    """Where its clips come from: a name in `GeneratorPreset.pools`."""
    lesson: str
    """What is learnt from them: `make`, `continue`, `edit`, `join`, or `end` (see engine.train.lessons)."""
    frames: int
    """Frames in a clip; 1 is an image."""
    batch: int
    """Clips a step: the kinds hold about the same number of tokens."""
    early: float
    """Share of the steps at the beginning of the run: see `GeneratorPreset.turning`."""
    late: float
    """Share of the steps towards its end."""


@dataclass(frozen=True)
class Pool:
    """One ring of latents."""

    stream: StreamOptions
    """What is in it; the size is that of one refill."""
    capacity: int
    """Clips that it holds."""


def _pool(what: Subject, frames: int, refill: int, capacity: int, number: int) -> Pool:
    """A ring whose clips no other ring has."""
    styled = 0.15 if what == "clips" else 0.0
    return Pool(StreamOptions(refill, frames, number * 10**7 // refill, what=what, styled=styled), capacity)


@dataclass(frozen=True)
class GeneratorPreset:
    """Numbers of a run that goes on from good weights. Those of the shipped ones stand at the commit that their
    training.json names."""

    kinds: tuple[Kind, ...] = (  # shapes are few, since the blocks are compiled for each of them
        Kind("images", "make", 1, 768, 0.08, 0.08),
        Kind("image edits", "edit", 1, 768, 0.20, 0.20),
        Kind("clips", "end", 1, 768, 0.06, 0.06),
        Kind("clips", "make", 17, 48, 0.18, 0.18),
        Kind("long clips", "make", 25, 32, 0.05, 0.05),
        Kind("late clips", "continue", 17, 48, 0.17, 0.17),
        Kind("edits", "edit", 17, 48, 0.20, 0.20),
        Kind("joins", "join", 17, 48, 0.06, 0.06),
    )
    pools: Mapping[str, Pool] = field(
        default_factory=lambda: {
            "images": _pool("clips", 1, 3072, 98304, 1),
            "image edits": _pool("edits", 1, 2048, 65536, 2),
            "clips": _pool("clips", 17, 192, 12288, 3),
            "long clips": _pool("clips", 25, 64, 3072, 4),
            "edits": _pool("edits", 17, 96, 4096, 5),
            "joins": _pool("joins", 17, 48, 2048, 6),
            "late clips": Pool(StreamOptions(96, 17, 7 * 10**7 // 96, styled=0.15, late=True), 6144),
        }
    )
    turning: tuple[float, float] = (0.05, 0.45)
    """Between which parts of the run the shares go from early to late; filling and compiling are parts of it."""
    filled: float = 0.08
    """How much of every ring is filled before the first step; the rest comes as training goes on."""
    warmup: int = 80
    """Steps until the learning rate is full."""
    learning_rate: float = 1e-3
    weight_decay: float = 0.02
    drop_text: float = 0.1
    """Share of samples trained without their words, for guidance."""
    emphasis: float = 5.0
    """How much more a place counts that shows a thing than one that shows the backdrop."""
    shift: float = 3.0
    """Timestep shift, as in the scheduler."""
    refill_every: int = 80
    """Steps between refills."""
    size: int = 192
    layers: int = 10
    """Blocks of the transformer."""
    text_layers: int = 3
    """Blocks of the text encoder."""

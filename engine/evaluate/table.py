"""Which function takes which measure of engine.evaluate.aims: one case a call, and the same on rendered truth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from engine.evaluate import (
    between,
    connecting,
    detecting,
    editing,
    ending,
    extending,
    filming,
    steering,
    styling,
    telling,
    tracking,
    worldgpt,
)
from engine.evaluate.cases import Case, Row
from engine.evaluate.workbench import Workbench


@dataclass(frozen=True, slots=True)
class Taken:
    """How a measure is taken."""

    measure: Callable[[Workbench, int, int], Case]
    """One case: its number, and a seed."""
    on_truth: Callable[[Workbench, int], Row] | None
    """What the same measure says of the simulator's own answer; None where the truth is the measure."""


TABLE: dict[str, Taken] = {
    "one-thing": Taken(partial(telling.measure, things=1), partial(telling.on_truth, things=1)),
    "two-things": Taken(partial(telling.measure, things=2), partial(telling.on_truth, things=2)),
    "filming": Taken(filming.measure, filming.on_truth),
    "steering": Taken(steering.measure, steering.on_truth),
    "detection": Taken(detecting.measure, None),
    "tracking": Taken(tracking.measure, None),
    "editing": Taken(editing.measure, editing.on_truth),
    "ending": Taken(ending.measure, ending.on_truth),
    "between": Taken(between.measure, between.on_truth),
    "worldgpt": Taken(worldgpt.measure, worldgpt.on_truth),
    "extending": Taken(extending.measure, extending.on_truth),
    "connecting": Taken(connecting.measure, connecting.on_truth),
    "styling": Taken(styling.measure, styling.on_truth),
}

"""`evaluate videoverse --whole`: each prompt's video made and asked about at once, so figures come from the first on.

What is there is neither made nor asked again; the same command goes on where a run was stopped.
"""

from __future__ import annotations

import argparse
import time
from typing import Final, TextIO

from engine.command import generating, videoverse
from engine.command.generating import Agents
from engine.command.videoverse import Interviews
from engine.errors import SettingError
from engine.evaluate.ledger import Ledger, Record
from engine.evaluate.videoverse import session
from engine.evaluate.videoverse.asking import Witness
from engine.evaluate.videoverse.dimensions import OFFICIAL, OTHER, STRICT
from engine.evaluate.videoverse.generating import Order, make_one

_EVERY: Final = 3.0
"""Seconds between two reports."""
_SHOWN: Final = 8
"""Videos on the contact sheet."""


def whole(
    chosen: argparse.Namespace, progress: TextIO, agents: Agents | None = None, witness: Witness | None = None
) -> str:
    """Make and ask what the folders do not hold yet; returns the path of the report.

    Raises BenchmarkError, SettingError for numbers that cannot be, a judge that is not named or folders of another run,
    WeightsMissingError, StorageError.
    """
    for name in ("limit", "seeds"):
        if (value := getattr(chosen, name)) is not None and value < 1:
            raise SettingError(f"--{name} has to be 1 or more", "Name another number.", value=str(value))
    witness = witness or videoverse.witness(chosen)
    protocols = tuple(chosen.protocol or (OFFICIAL, STRICT))
    interviews = videoverse.opened(chosen, witness, chosen.whole, protocols)
    order, made = generating.opened(chosen, chosen.whole)
    agents = agents or generating.crew()
    mine, told = order.mine(), time.monotonic()
    progress.write(f"{len(mine)} videos to make and to ask about, those that are there not again\n")
    for which in mine:
        _one(interviews, order, made, agents, which)
        if time.monotonic() - told > _EVERY:
            told = time.monotonic()
            videoverse.publish(interviews.ledger, interviews.asked, witness)
    others = tuple(one for one in protocols if one == OTHER)
    videoverse.run(interviews.ledger, interviews.asked, witness, others, progress)
    return str(chosen.output / "report.html")


def _one(interviews: Interviews, order: Order, made: Ledger, agents: Agents, which: tuple[int, int]) -> None:
    """One prompt and seed: its video, and every interview about it; a wrong video may not be there yet."""
    number, seed = which
    wanted = [(one, number, seed) for one in interviews.protocols if one != OTHER]
    todo = [key for key in wanted if not interviews.ledger.has(key)]
    record = make_one(made, order, agents, which)
    for key in todo:
        if record is not None and record.failure:
            interviews.ledger.add(Record(*key, failure=record.failure, name=record.name), None)
        else:
            pictured = number < _SHOWN and key == wanted[0]
            session.hold(interviews.ledger, interviews.asked, interviews.witness, key, pictured=pictured)

"""`evaluate videoverse --generate`: a benchmark's videos made by any model that is here."""

from __future__ import annotations

import argparse
import hashlib
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from engine.agent import Agent, Input
from engine.configuration import Configuration
from engine.crew import Crew
from engine.errors import SettingError
from engine.evaluate.ledger import Ledger
from engine.evaluate.videoverse import benchmark
from engine.evaluate.videoverse.edition import SHIPPED
from engine.evaluate.videoverse.generating import RECIPE, Order, make
from engine.evaluate.workbench import Silent
from engine.models import own_rows
from engine.models.memory import modes
from engine.models.profiles import PROFILES
from engine.settings import SETTINGS
from engine.tasks import table
from engine.types import Request, Settings, Value


@dataclass
class Agents:
    """The product's agents at work; each is made once."""

    crew: Crew
    made: dict[str, Agent] = field(default_factory=dict[str, Agent])

    def make(self, agent: str, inputs: Mapping[str, Input], seed: int, settings: Settings) -> bytes:
        """See engine.evaluate.roads.Maker."""
        if agent not in self.made:
            self.made[agent] = self.crew.table[agent].make()
        return self.made[agent].run(inputs, seed, settings, Silent()).data


def generate(chosen: argparse.Namespace, progress: TextIO, agents: Agents | None = None) -> str:
    """Make the videos that the command line asks for; returns their folder.

    Raises BenchmarkError, SettingError for a part that cannot be or a folder of other videos, StorageError.
    """
    order, ledger = opened(chosen, chosen.generate)
    began = time.monotonic()
    mine = order.mine()
    progress.write(f"{len(mine)} videos, those that are there not again\n")
    for number, record in enumerate(make(ledger, order, agents or crew()), 1):
        told = record.failure or f"{(time.monotonic() - began) / number:.1f} s a video"
        progress.write(f"{record.name}: {told}\n")
        progress.flush()
    return str(order.folder)


def opened(chosen: argparse.Namespace, folder: Path) -> tuple[Order, Ledger]:
    """What is to be made in a folder, and the ledger of what was. Raises as `generate`."""
    prompts = chosen.prompts or SHIPPED
    items, _ = benchmark.read(prompts)
    settings = _settings({"profile": chosen.profile, "writer": chosen.writer.replace("-", " ")})
    order = Order(items[: chosen.limit], folder, settings, chosen.seeds, _part(chosen.part))
    identity = {
        "what": "videoverse, generated",
        "prompts": f"{len(order.items)}, {hashlib.sha256(prompts.read_bytes()).hexdigest()[:16]}",
        "profile": chosen.profile,
        "writer": chosen.writer,
        "seeds": str(chosen.seeds),
    }
    return order, Ledger(order.folder / "made" / "worker-{}-of-{}".format(*order.part), identity)


def crew() -> Agents:
    """Those of this machine, with the rows of one's own."""
    configuration = Configuration.from_environment()
    rows = (*PROFILES, *own_rows.read(configuration.home / own_rows.FOLDER, PROFILES))
    return Agents(Crew(lambda: configuration.language_model, rows, mode=modes.named(configuration.memory)))


def _settings(values: Mapping[str, Value]) -> dict[str, Settings]:
    """What is said, for every stage whose agent knows it."""
    stages = table.task(Request(RECIPE, "a ball")).stages
    return {
        stage.name: {name: value for name, value in values.items() if name in SETTINGS[stage.agent]} for stage in stages
    }


def _part(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{1,4})/(\d{1,4})", text)
    one, of = (int(number) for number in found.groups()) if found else (0, 0)
    if not 1 <= one <= of:
        raise SettingError("There is no such part of the work", "Write 1/4 for the first of four.", value=text)
    return one, of

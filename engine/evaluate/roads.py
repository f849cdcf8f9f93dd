"""The product's own roads, walked without a person: the recipe's stages in order, each approved as it comes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from engine import prompts
from engine.agent import Input
from engine.tasks import table
from engine.types import Need, Request, Settings, Value

_NOT_FOR_THE_AGENT = "takes"


class Maker(Protocol):
    """Has the agents, and lets them make what they make; a workbench is one."""

    def make(self, agent: str, inputs: Mapping[str, Input], seed: int, settings: Settings) -> bytes:
        """The file that an agent makes of these inputs."""


@dataclass(frozen=True)
class Road:
    """A request, and what of its stages is settled already."""

    recipe: str
    """Name of the recipe."""
    prompt: str
    """As typed."""
    uploads: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    """What the person brings."""
    options: Settings = field(default_factory=dict[str, Value])
    """Choices about the whole road."""
    given: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    """Stage -> a file that the person puts in its place."""
    settings: Mapping[str, Settings] = field(default_factory=dict[str, Settings])
    """Stage -> what the person sets of it."""


def walk(bench: Maker, road: Road, seed: int, until: str = "") -> dict[str, bytes]:
    """The file of every stage, up to and with `until`; what is only offered at a road's end is left out.

    Raises what the agents raise.
    """
    uploads = dict.fromkeys(road.uploads, "")
    task = table.task(Request(road.recipe, road.prompt, uploads, road.options))
    made: dict[str, bytes] = {}
    for stage in task.stages:
        if stage.optional:
            break
        if stage.name in road.given:
            made[stage.name] = road.given[stage.name]
        else:
            set_here = {**stage.settings, **road.settings.get(stage.name, {})}
            settings = {name: value for name, value in set_here.items() if name != _NOT_FOR_THE_AGENT}
            inputs = {need.name: _input(need, road, made) for need in stage.needs}
            made[stage.name] = bench.make(stage.agent, inputs, seed, settings)
        if stage.name == until:
            break
    return made


def _input(need: Need, road: Road, made: Mapping[str, bytes]) -> Input:
    """What an agent gets for a need: the prompt or an upload, a field of the written prompt, or a whole file."""
    if need.source == "request":
        return road.prompt if need.field == "prompt" else road.uploads[str(need.field)]
    data = made[need.source]
    return data if need.field is None else prompts.decode(data).fields[need.field]

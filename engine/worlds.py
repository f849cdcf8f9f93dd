"""A project as a world: its takes are the states of a tree, each with the action that led to it. Pure functions.

A take of the stage whose agent steps a world follows from the state that its setting `onward` names, by digest, or from
the picture that the world began with. So the journal holds the tree: nothing is stored beside it, and a reload, an
export or a restart lose nothing. Also how transitions go into a file: WorldNet's form, `{"state0": {"video", "audio",
"image", "text"}, "state1": {…}, "action": {"text"}}`, "" for what is missing.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from engine.errors import DecisionError, PromptError
from engine.seen import ProjectView, StageView
from engine.types import Settings, Take

STEPPER = "world_stepper"
"""The agent whose takes are states."""
ONWARD, ACTION, REMEMBERS, PLAN = "onward", "action", "remembers", "plan"
"""Settings of such a take: the digest of the state that it goes on from; what is done, in words; whether what happened
in this world before may come to mind; what is still to be done after it, an action a line."""
WITNESS, INVERSE_MODEL, LANGUAGE_MODEL = "witness", "inverse model", "language model"
"""Who says how likely a state is, and the two that have no owner; or a model that sees, `owner/name`."""
ACTION_CHARACTERS, PLAN_ACTIONS = 200, 20
"""An action is no longer, and a plan has no more of them."""
NEXT = "next"
"""A fact of such a take: what could be done in the state, "; " between."""
RECALLED, RECALLED_STATES, RECALLED_CHANGES = "recalled", "recalled_states", "recalled_changes"
"""Facts: the earlier actions that came to mind, the digests of the states that they led to, and what each changed; all
in the same order, "; " between."""
CORRECTED, HEARD = "corrected", "heard"
"""Facts: what is remembered where something else was seen, "; " between; and what is heard, in words."""
Read = Callable[[str, str], bytes]
"""Digest and suffix -> the file's bytes."""


@dataclass(frozen=True, slots=True)
class Node:
    """A state of a world that followed from another."""

    take: Take
    parent: str
    """Digest of the state that it followed from."""
    action: str
    """What was done, in words; empty for a state that the person painted or brought."""
    depth: int
    """1 for what followed from the beginning."""

    @property
    def state(self) -> str:
        """The digest of its file."""
        return self.take.artifact.sha256

    @property
    def likelihood(self) -> float:
        """How likely it is that the action led there, 0..1, as the inverse model sees it."""
        value = self.take.artifact.facts.get("likelihood")
        return float(value) if isinstance(value, int | float) else 0.0


@dataclass(frozen=True, slots=True)
class Transition:
    """A state, an action, and what followed, as files."""

    before: bytes
    action: str
    after: bytes


def stage_of_states(view: ProjectView) -> StageView | None:
    """The stage whose takes are states; None in a project that is no world."""
    return next((shown for shown in view.stages if shown.stage.agent == STEPPER), None)


def tree(view: ProjectView) -> tuple[Node, ...]:
    """Every state that followed from another, each after the one that it followed from, else in order of making.

    A state whose parent is gone, or is not the world's, counts as following from the beginning.
    """
    shown = stage_of_states(view)
    depths: dict[str, int] = {}
    nodes = []
    for take in shown.takes if shown else ():
        named = take.artifact.settings.get(ONWARD)
        parent = str(named) if named in depths else _beginning(take)
        depth = depths.get(parent, 0) + 1
        depths.setdefault(take.artifact.sha256, depth)
        nodes.append(Node(take, parent, str(take.artifact.settings.get(ACTION) or ""), depth))
    return tuple(nodes)


def path(nodes: Sequence[Node], state: str) -> tuple[Node, ...]:
    """The way from the beginning to a state; empty for the beginning itself, and for what is not in the tree."""
    by_state: dict[str, Node] = {}
    for node in nodes:
        by_state.setdefault(node.state, node)
    way: list[Node] = []
    while state in by_state and by_state[state] not in way and by_state[state].parent != state:
        way.append(by_state[state])
        state = way[-1].parent
    return tuple(reversed(way))


def transitions(nodes: Sequence[Node], read: Read) -> list[Transition]:
    """The nodes' transitions with their files; raises what `read` raises."""
    return [Transition(read(node.parent, ".png"), node.action, read(node.state, ".png")) for node in nodes]


def learnable(nodes: Sequence[Node]) -> tuple[Node, ...]:
    """Those of which it is known what was done."""
    return tuple(node for node in nodes if node.action)


def packed(some: Sequence[Transition]) -> bytes:
    """Transitions as JSON in WorldNet's form; pictures are PNG files in base64, which carry words and sound along."""
    rows = [{"state0": _state(one.before), "state1": _state(one.after), "action": {"text": one.action}} for one in some]
    return json.dumps(rows).encode()


def unpacked(data: bytes | str) -> list[Transition]:
    """What `packed` wrote. Raises DecisionError for anything else."""
    try:
        return [
            Transition(_image(row["state0"]), str(row["action"]["text"]), _image(row["state1"]))
            for row in json.loads(data)
        ]
    except (ValueError, TypeError, KeyError, binascii.Error) as error:
        raise DecisionError("What is remembered of this world cannot be read", "Make another take.") from error


def plan_of(text: str) -> tuple[str, ...]:
    """The actions of a plan, a line each. Raises PromptError for none, too many, or one that is too long."""
    actions = tuple(line.strip() for line in text.splitlines() if line.strip())
    if not actions:
        raise PromptError("The plan has no action", 'Write one a line, as in "the car drives left".')
    if len(actions) > PLAN_ACTIONS:
        what, limit = f"{len(actions)} actions", f"{PLAN_ACTIONS} actions"
        raise PromptError("The plan is too long", "Do a part of it first.", value=what, limit=limit)
    longest = max(map(len, actions))
    if longest > ACTION_CHARACTERS:
        limit = f"{ACTION_CHARACTERS} characters"
        raise PromptError("An action is too long", "Say it in fewer words.", value=f"{longest} characters", limit=limit)
    return actions


def onward(settings: Settings) -> str | None:
    """The digest of the state that a take's settings go on from."""
    named = settings.get(ONWARD)
    return named if isinstance(named, str) and named else None


def _beginning(take: Take) -> str:
    """The digest of the picture that the world began with, as the take's inputs have it."""
    return take.inputs.get("image", "")


def _state(image: bytes) -> Mapping[str, str]:
    return {"video": "", "audio": "", "image": base64.b64encode(image).decode(), "text": ""}


def _image(state: Mapping[str, str]) -> bytes:
    return base64.b64decode(state["image"], validate=True)

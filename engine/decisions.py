"""What a person's wish writes into the journal: pure functions from a project as it stands to events.

Each raises DecisionError when the wish does not fit where the project stands, and says what would. Also says which
seed and settings a new take gets. Knows no file, no queue and no agent.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from engine.errors import DecisionError
from engine.events import Automatic, Cancelled, Decided, Decision, Event, Renamed, Requested
from engine.seen import ProjectView, Proposal, StageView
from engine.types import Settings, Take, Value

SEEDS = 2**32
"""Seeds are 0 … SEEDS - 1."""
NAME_CHARACTERS = 120
"""Longest name of a project or a take."""
_NOT_FOR_THE_AGENT = ("takes", "seed")
OF_A_MODEL = ("steps", "guidance_scale", "frames", "context", "loras")
"""Settings that mean something to one model only."""


@dataclass(frozen=True, slots=True)
class Wish:
    """New takes that are asked for."""

    takes: int | None = None
    """How many; `None`: as many as the stage's settings say."""
    seed: int | None = None
    """Seed of the first one, the next ones follow; `None`: derived."""
    settings: Settings | None = None
    """Override the stage's and the request's for these takes."""
    who: str = "person"
    """`person`, or `automatic`: counts against Stage.tries."""


def stage_of(view: ProjectView, stage: str) -> StageView:
    """The stage of that name. Raises DecisionError when the task has none."""
    for shown in view.stages:
        if shown.stage.name == stage:
            return shown
    names = ", ".join(shown.stage.name for shown in view.stages)
    raise DecisionError("The task has no such stage", f"Choose one of: {names}.", value=stage)


def take_of(view: ProjectView, take: str) -> Take:
    """The take of that id. Raises DecisionError when the project has none."""
    for shown in view.stages:
        for one in shown.takes:
            if one.id == take:
                return one
    raise DecisionError("The project has no such take", "Choose one of the takes that are shown.", value=take)


def approve(view: ProjectView, stage: str, take: str, *, note: str = "", who: str = "person") -> Sequence[Event]:
    """This take counts: also another one than before, or one that had become stale."""
    shown = stage_of(view, stage)
    inputs = inputs_of(view, shown)
    if take_of(view, take).stage != stage:
        raise DecisionError("The take belongs to another stage", "Approve it at its own stage.", value=take)
    approved = shown.status == "approved"
    if approved and shown.chosen is not None and shown.chosen.id == take:
        return ()
    return (Decided(Decision("pick" if approved else "approve", stage, take, inputs, who, note)),)


def reject(view: ProjectView, stage: str, *, note: str = "") -> Sequence[Event]:
    """What was approved no longer is; from now on the person decides about this stage."""
    shown = stage_of(view, stage)
    if shown.status != "approved" or shown.chosen is None:
        raise DecisionError("Nothing is approved here", "Only an approval can be taken back.", value=stage)
    rejected = Decided(Decision("reject", stage, shown.chosen.id, inputs_of(view, shown), note=note))
    return (rejected, *automatic(view, [name for name in view.automatic if name != stage]))


def turn_down(view: ProjectView, take: Take, note: str, who: str) -> Sequence[Event]:
    """The approver does not want this take."""
    inputs = inputs_of(view, stage_of(view, take.stage))
    return (Decided(Decision("reject", take.stage, take.id, inputs, who, note)),)


def decline(view: ProjectView, proposal: Proposal) -> Sequence[Event]:
    """The prompt stays as it is: this edit of it is not wanted."""
    shown = stage_of(view, proposal.stage)
    if shown.chosen is None:
        raise DecisionError("Nothing is approved here", "Approve a prompt first.", value=proposal.stage)
    return (Decided(Decision("decline", proposal.stage, shown.chosen.id, inputs_of(view, shown), note=proposal.told)),)


def retry(view: ProjectView, stage: str, wish: Wish, new_id: Callable[[], str]) -> Sequence[Event]:
    """More takes, which replace nothing."""
    requests = ask(view, stage, wish, new_id)
    return (Decided(Decision("retry", stage, inputs=requests[0].inputs)), *requests)


def ask(view: ProjectView, stage: str, wish: Wish, new_id: Callable[[], str]) -> Sequence[Requested]:
    """Requests for new takes of a stage whose inputs are there."""
    shown = stage_of(view, stage)
    inputs = inputs_of(view, shown)
    settings = settings_of(view, shown, wish.settings)
    takes = _whole(settings.get("takes"), 1) if wish.takes is None else wish.takes
    kept = {name: value for name, value in settings.items() if name not in _NOT_FOR_THE_AGENT}
    return tuple(
        Requested(new_id(), stage, _seed(view, shown, wish, index), kept, inputs, wish.who) for index in range(takes)
    )


def automatic(view: ProjectView, stages: Sequence[str]) -> Sequence[Event]:
    """From now on exactly these stages are approved without asking."""
    names = {stage_of(view, stage).stage.name for stage in stages}
    ordered = tuple(shown.stage.name for shown in view.stages if shown.stage.name in names)
    return () if ordered == view.automatic else (Automatic(ordered),)


def cancel(view: ProjectView, takes: Sequence[str]) -> Sequence[Event]:
    """These takes are no longer wanted; those that ended already are left alone."""
    pending = [one.take for shown in view.stages for one in shown.pending]
    return tuple(Cancelled(take) for take in pending if take in takes)


def cancel_all(view: ProjectView) -> Sequence[Event]:
    """Nothing that was asked for is wanted any longer."""
    return cancel(view, [one.take for shown in view.stages for one in shown.pending])


def rename(view: ProjectView, name: str, take: str | None) -> Sequence[Event]:
    """The project, or one take of it, gets a name."""
    if take is not None:
        take_of(view, take)
    shown = " ".join(name.split())
    if not shown or len(shown) > NAME_CHARACTERS:
        raise DecisionError(
            "The name cannot be used",
            "Type a name, or a shorter one.",
            value=f"{len(shown)} characters",
            limit=f"1 to {NAME_CHARACTERS}",
        )
    return (Renamed(shown, take),)


def inputs_of(view: ProjectView, shown: StageView) -> Mapping[str, str]:
    """What the stage is made from now. Raises DecisionError while an earlier stage is open."""
    if shown.inputs is None:
        raise DecisionError(
            f"{shown.stage.title} is not open yet", f"Approve {view.open_stage.stage.title} first.", value=shown.status
        )
    return shown.inputs


def settings_of(view: ProjectView, shown: StageView, override: Settings | None = None) -> Settings:
    """The stage's own settings, overridden by the request's, overridden by `override`.

    Steps and the like belong to a model: where another one is chosen, its own count, unless they are set along with it.
    """
    merged: dict[str, Value] = {}
    for layer in (shown.stage.settings, view.request.settings.get(shown.stage.name, {}), override or {}):
        if merged.get("profile") not in (None, layer.get("profile", merged.get("profile"))):
            merged = {name: value for name, value in merged.items() if name not in OF_A_MODEL}
        merged.update(layer)
    return merged


def _seed(view: ProjectView, shown: StageView, wish: Wish, index: int) -> int:
    """Given seeds and those of a stage's first takes are counted up; every later one is derived."""
    first = _whole(settings_of(view, shown).get("seed"), view.request.seed)
    given = (wish.settings or {}).get("seed") if wish.seed is None else wish.seed
    if isinstance(given, int):
        return (given + index) % SEEDS
    if shown.asked == 0:
        return (first + index) % SEEDS
    text = f"{first}/{shown.stage.name}/{shown.asked + index}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")


def _whole(value: object, otherwise: int) -> int:
    return value if isinstance(value, int) else otherwise

"""What the buttons of the card do: each turns a click into one call on the Studio, and says where the person is then.

A click is meant for what the page showed (`visit.screen`), whatever happened since.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.seen import StageView
from engine.types import Settings
from ui import offered, present
from ui.parts import world_tree
from ui.parts.setting_fields import NAMES
from ui.parts.words import said as words_said
from ui.place import Place
from ui.scene import Visit
from ui.upstream import motion_said


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the card's fields, by name."""

    values: Mapping[str, Any]

    @property
    def seed(self) -> int | None:
        """The seed that was typed; `None` for a new one."""
        return None if self.values.get("seed") is None else int(self.values["seed"])

    @property
    def moves(self) -> str:
        """What should move, at the card of a clip."""
        return str(self.values.get("moves") or "")

    def settings(self, names: tuple[str, ...]) -> Settings:
        """Those of the named settings that are filled in."""
        return {name: self.values[name] for name in names if name in NAMES and self.values.get(name) is not None}


def primary(visit: Visit, typed: Typed) -> Place:
    """Do what the primary button said; words that were changed, and things that were switched, count as shown."""
    project, stage, take = visit.screen.project, visit.screen.stage, visit.screen.take
    changed = _words_changed(visit, typed)
    if changed is not None:
        visit.studio.edit(project, stage, changed, approve=True)
        return _onward(visit)
    if take in visit.place.switched:
        visit.studio.edit(project, stage, visit.place.switched[take], approve=True)
        return _onward(visit)
    match visit.screen.intent:
        case "approve" | "use":
            visit.studio.approve(project, stage, take)
            return _onward(visit)
        case "next":
            return _onward(visit)
        case "make":
            return again(visit, typed)
        case "mend":
            visit.studio.retry(project, stage, settings={"writer": "offline"})
            return visit.go(stage=stage, take="")
        case _:
            return visit.go()


def again(visit: Visit, typed: Typed) -> Place:
    """Ask for more takes, with the seed and settings in the fields; words that were changed are kept first."""
    project, name = visit.screen.project, visit.screen.stage
    changed = _words_changed(visit, typed)
    if changed is not None:
        visit.studio.edit(project, name, changed)
    stage = _move(visit, typed)
    settings = _going_on(visit, stage, _changed_settings(visit, stage, typed))
    asked = stage is not None and stage.pending and not settings and typed.seed is None
    if not asked:
        for begun in stage.pending if stage else ():
            visit.studio.cancel(begun.take)
        count = int(typed.values.get("count") or 1)
        visit.studio.retry(project, name, takes=count, seed=typed.seed, settings=settings)
    coming = present.stage_named(visit.studio.view(project), name).pending
    return visit.go(stage=name, take=coming[-1].take if coming else "", other="", mode="look")


def _going_on(visit: Visit, stage: StageView | None, settings: Settings) -> Settings:
    """In a world: from the state on screen."""
    own = stage or present.stage_named(visit.studio.view(visit.screen.project), visit.screen.stage)
    take = next((take for take in own.takes if take.id == visit.screen.take), None)
    return world_tree.going_on(own, take, settings)


def _changed_settings(visit: Visit, stage: StageView | None, typed: Typed) -> Settings:
    """Those settings that differ from what a new take would get anyway."""
    view = visit.studio.view(visit.screen.project)
    own = stage or present.stage_named(view, visit.screen.stage)
    asked = view.request.settings.get(own.stage.name, {})
    profile = offered.profile_of(visit.studio.profiles(), own.stage, asked)
    writer = "language model" if visit.studio.language_model() else "offline"
    force = {"writer": writer, **offered.in_force(view, own.stage, profile)}
    given = typed.settings(offered.settings_of(own.stage))
    return {name: value for name, value in given.items() if value != force.get(name)}


def _move(visit: Visit, typed: Typed) -> StageView | None:
    """Write another motion into the prompt, where the card of a clip has one that differs.

    Returns the clip's stage as it is then; `None` when the motion stays what it was.
    """
    view = visit.studio.view(visit.screen.project)
    stage = present.stage_named(view, visit.screen.stage)
    source = motion_said(view, stage)
    chosen = source.stage.chosen if source else None
    if source is None or chosen is None:
        return None
    before = visit.studio.prompt(view.id, chosen.id).fields
    if not typed.moves.strip() or typed.moves == before.get(source.field, ""):
        return None
    said = {**before, source.field: typed.moves}
    view = visit.studio.edit(view.id, source.stage.stage.name, said, approve=True)
    return present.stage_named(view, visit.screen.stage)


def _words_changed(visit: Visit, typed: Typed) -> dict[str, str] | None:
    """The fields of the prompt, when they are on screen and say something else than the take does."""
    view = visit.studio.view(visit.screen.project)
    stage = present.stage_named(view, visit.screen.stage)
    if stage.stage.yields != "prompt" or not visit.screen.take or visit.place.mode != "look":
        return None
    said = visit.studio.prompt(view.id, visit.screen.take).fields
    words = words_said(stage.stage.fields, typed.values)
    return words if any(words[field] != said.get(field, "") for field in words) else None


def _onward(visit: Visit) -> Place:
    """On to the stage that is open now."""
    ahead = visit.studio.view(visit.screen.project).open_stage.stage.name
    return visit.go(stage=ahead, take="", other="", mode="look")


def keep(visit: Visit) -> Place:
    """Keep the stale take as it is."""
    view = visit.studio.view(visit.screen.project)
    stage = present.stage_named(view, visit.screen.stage)
    if stage.chosen:
        visit.studio.approve(view.id, stage.stage.name, stage.chosen.id, note="kept as it is")
    return _onward(visit)


def withdraw(visit: Visit) -> Place:
    """Take the approval back; the take stays."""
    visit.studio.reject(visit.screen.project, visit.screen.stage)
    return visit.go(stage=visit.screen.stage, take=visit.screen.take)


def stop(visit: Visit) -> Place:
    """Stop everything that is under way at this stage."""
    view = visit.studio.view(visit.screen.project)
    for request in present.stage_named(view, visit.screen.stage).pending:
        visit.studio.cancel(request.take)
    return visit.go(stage=visit.screen.stage)


def cancel(visit: Visit, data: Mapping[str, str]) -> Place:
    """Stop one take, here or in the queue."""
    visit.studio.cancel(data["take"])
    return visit.go()


def edit(visit: Visit) -> Place:
    """Open the picture editor on the take on screen."""
    return visit.go(stage=visit.screen.stage, take=visit.screen.take, other="", mode="edit")


def close(visit: Visit, data: Mapping[str, str]) -> Place:
    """Close the picture editor; the browser keeps what was painted."""
    return visit.go(mode="look", other="")


def upload(visit: Visit, path: str) -> Place:
    """Lay an uploaded picture down as a take of its own, and look at it."""
    project, name = visit.screen.project, visit.screen.stage
    view = visit.studio.edit(project, name, Path(path).read_bytes())
    newest = present.stage_named(view, name).takes[-1].id
    return visit.go(stage=name, take=newest, other="", mode="look")


def painted(visit: Visit, path: str, corrected: str) -> Place:
    """Lay down what was painted; a mask over time is followed anew from the frames that were corrected."""
    project, name = visit.screen.project, visit.screen.stage
    stage = present.stage_named(visit.studio.view(project), name)
    frames = [int(frame) for frame in corrected.split()] if stage.stage.agent == "mask_tracker" else []
    if not frames:
        return upload(visit, path)
    view = visit.studio.correct(project, name, Path(path).read_bytes(), frames)
    return visit.go(stage=name, take=present.stage_named(view, name).pending[-1].take, other="", mode="look")

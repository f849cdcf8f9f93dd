"""Takes that the person makes: edited words, an uploaded or painted picture, things chosen among those found.

Pure functions from what was given to the artifact's bytes and the events that record it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine import boxes, prompts
from engine.boxes import Boxes
from engine.decisions import inputs_of, stage_of
from engine.errors import DecisionError
from engine.events import Decided, Decision, Event, Recorded
from engine.making import Read
from engine.media.images import encode_png, fit, open_image
from engine.media.masks import check_marked, decode_masks, encode_masks
from engine.prompts import Prompt
from engine.seen import ProjectView, StageView
from engine.store.files import digest
from engine.types import Artifact, Kind, Settings, Take

PERSON = "person"
Content = bytes | Mapping[str, str] | Sequence[int]
"""A picture's file, fields of a prompt, or the indices of the things that count."""
_SUFFIXES: Mapping[Kind, str] = {"prompt": ".json", "boxes": ".json", "image": ".png", "mask": ".png"}


@dataclass(frozen=True, slots=True)
class Edited:
    """A take's file in the person's hand."""

    data: bytes
    artifact: Artifact


def check(shown: StageView, content: Content) -> None:
    """Raise DecisionError when a stage's take cannot be made from words, from a picture or from a choice, as given."""
    kind = shown.stage.yields
    fitting = {
        "prompt": isinstance(content, Mapping),
        "image": isinstance(content, bytes),
        "mask": isinstance(content, bytes),
        "boxes": not isinstance(content, bytes | Mapping),
    }
    if not fitting.get(kind, False):
        raise DecisionError(
            f"{shown.stage.title} cannot be edited that way",
            "Edit a prompt's words, give a picture or a mask where one is made, or choose among the things found.",
            value=type(content).__name__,
            limit=kind,
        )


def words(view: ProjectView, shown: StageView, fields: Mapping[str, str], read: Read) -> Edited:
    """The approved prompt, or the latest, with some fields said anew. The writer's notes go: they were on its words.

    Raises DecisionError for a field that the stage's prompt does not have.
    """
    known = shown.stage.fields
    if not fields or not fields.keys() <= set(known):
        raise DecisionError("The prompt has no such field", f"Edit {', '.join(known)}.", value=", ".join(fields)[:80])
    latest = _latest(shown)
    before = dict.fromkeys(known, "")
    if latest is not None:
        before |= prompts.decode(read(latest.artifact.sha256, latest.artifact.suffix)).fields
    return prompt(Prompt(view.request.prompt, {**before, **fields}))


def prompt(prompt: Prompt) -> Edited:
    """A prompt in the person's words."""
    return edited("prompt", prompt.encode())


def picture(shown: StageView, upload: bytes, size: tuple[int, int]) -> Edited:
    """An uploaded or painted picture, cropped to `size` (width, height); where a mask is made, a mask.

    A mask has the size, and is for as many moments, as the latest; light is where it may change, and one for one moment
    is meant for all of them. One that covers everything gets a note. Raises ImageError for a bad picture, MaskError for
    a file that is no mask of this size, and for one that covers nothing.
    """
    if shown.stage.yields != "mask":
        return edited("image", encode_png(fit(open_image(upload), size, "crop")))
    latest = _latest(shown)
    facts = {"width": size[0], "height": size[1], "frames": 1, **(latest.artifact.facts if latest else {})}
    width, height, frames = (int(facts[name] or 1) for name in ("width", "height", "frames"))
    painted = decode_masks(upload, (width, height), frames)
    note = check_marked(painted)
    moments = np.broadcast_to(painted, (frames, height, width))
    made = edited("mask", encode_masks(np.ascontiguousarray(moments)), frames)
    noted = {**made.artifact.facts, "note": note} if note else made.artifact.facts
    return Edited(made.data, replace(made.artifact, facts=noted))


def correction(shown: StageView, frames: Sequence[int]) -> Settings:
    """Settings of a take that follows what is painted on these frames. Raises DecisionError where it cannot."""
    if {need.name for need in shown.stage.needs} != {"video", "mask"}:
        raise DecisionError(f"{shown.stage.title} follows no mask", "Edit it instead.", value=shown.stage.yields)
    latest = _latest(shown)
    count = int(latest.artifact.facts.get("frames") or 1) if latest else 0
    if not frames or not all(0 <= frame < count for frame in frames):
        told = ", ".join(map(str, frames))[:40]
        limit = f"0 to {count - 1}"
        raise DecisionError("The clip has no such frame", "Name the frames that you painted.", value=told, limit=limit)
    return {"corrected": ", ".join(str(frame) for frame in sorted(set(frames)))}


def choice(view: ProjectView, shown: StageView, chosen: Sequence[int], size: tuple[int, int], read: Read) -> Edited:
    """The things that were found, with these of them chosen. Raises DecisionError for one that is not there.

    Where nobody could look, nothing was found in a picture of `size` (width, height): choosing nothing leads on to a
    mask that is painted.
    """
    latest = _latest(shown)
    if latest is None:
        found = Boxes(*size, (), (), missing=_sought(view, shown, read))
    else:
        found = boxes.decode(read(latest.artifact.sha256, latest.artifact.suffix))
    return edited("boxes", boxes.choose(found, chosen).encode())


def edited(kind: Kind, data: bytes, frames: int = 1) -> Edited:
    """A file by the person, with what is measured on it; a mask has `frames` pictures below each other.

    Raises ImageError, JournalDamagedError.
    """
    facts = _facts(kind, data, frames)
    return Edited(data, Artifact(kind, digest(data), _SUFFIXES[kind], len(data), PERSON, facts=facts))


def record(view: ProjectView, take: Take, *, approve: bool) -> Sequence[Event]:
    """Put the person's take among the others of its stage, and approve it if they say so."""
    shown = stage_of(view, take.stage)
    inputs = inputs_of(view, shown)
    mine = replace(take, number=len(shown.takes) + 1, inputs=inputs)
    if not approve:
        return (Recorded(mine),)
    return (Recorded(mine), Decided(Decision("edit", take.stage, take.id, inputs)))


def _sought(view: ProjectView, shown: StageView, read: Read) -> tuple[str, ...]:
    """What a stage that is open looks for, in the words of the approved prompt."""
    needs = [need for need in shown.stage.needs if need.name == "words"]
    takes = [(need, stage_of(view, need.source).chosen) for need in needs]
    files = [(need.field or "", read(take.artifact.sha256, take.artifact.suffix)) for need, take in takes if take]
    return tuple(prompts.decode(data).fields.get(field, "") for field, data in files)


def _latest(shown: StageView) -> Take | None:
    return shown.chosen or (shown.takes[-1] if shown.takes else None)


def _facts(kind: Kind, data: bytes, frames: int) -> Settings:
    match kind:
        case "prompt":
            return prompts.facts(prompts.decode(data))
        case "boxes":
            return boxes.facts(boxes.decode(data))
        case "mask":
            width, height = open_image(data).size
            moments = frames if frames > 0 and height % frames == 0 else 1
            return {"width": width, "height": height // moments, "frames": moments}
        case _:
            width, height = open_image(data).size
            return {"width": width, "height": height}

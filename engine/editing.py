"""Takes that the person makes: edited words, an uploaded or painted picture.

Pure functions from what was given to the artifact's bytes and the events that record it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from engine import prompts
from engine.decisions import inputs_of, stage_of
from engine.errors import DecisionError
from engine.events import Decided, Event, Recorded
from engine.making import Read
from engine.media.images import encode_png, fit, open_image
from engine.prompts import FIELDS, Prompt
from engine.seen import ProjectView, StageView
from engine.store.files import digest
from engine.types import Artifact, Decision, Take

PERSON = "person"


def check(shown: StageView, content: bytes | Mapping[str, str]) -> None:
    """Raise DecisionError when a stage's take cannot be made from words, or from a picture, as given."""
    kind = "image" if isinstance(content, bytes) else "prompt"
    if shown.stage.yields != kind:
        raise DecisionError(
            f"{shown.stage.title} cannot be edited that way",
            "Edit the prompt's words, or give a picture for the key frame.",
            value=kind,
            limit=shown.stage.yields,
        )


def words(view: ProjectView, shown: StageView, fields: Mapping[str, str], read: Read) -> tuple[bytes, Artifact]:
    """The approved prompt, or the latest, with some fields said anew. The writer's notes go: they were on its words.

    Raises DecisionError for a field that a prompt does not have.
    """
    if not fields or not fields.keys() <= set(FIELDS):
        raise DecisionError("A prompt has no such field", f"Edit {', '.join(FIELDS)}.", value=", ".join(fields)[:80])
    latest = shown.chosen or (shown.takes[-1] if shown.takes else None)
    before = Prompt(view.request.prompt, "", "", "")
    if latest is not None:
        before = prompts.decode(read(latest.artifact.sha256, latest.artifact.suffix))
    return prompt_file(replace(before, notes=(), **fields))


def picture(upload: bytes, size: tuple[int, int]) -> tuple[bytes, Artifact]:
    """An uploaded or painted picture, cropped to `size` (width, height). Raises ImageError."""
    data = encode_png(fit(open_image(upload), size, "crop"))
    return data, picture_artifact(data, size)


def upright(upload: bytes) -> bytes:
    """An uploaded picture as a PNG, as large as it came. Raises ImageError."""
    return encode_png(open_image(upload))


def prompt_file(prompt: Prompt) -> tuple[bytes, Artifact]:
    """A prompt in the person's words, as file and artifact."""
    data = prompt.encode()
    return data, Artifact("prompt", digest(data), ".json", len(data), PERSON, facts=prompts.facts(prompt))


def picture_artifact(data: bytes, size: tuple[int, int]) -> Artifact:
    """The artifact of a PNG of `size` (width, height) that the person made."""
    facts = {"width": size[0], "height": size[1]}
    return Artifact("image", digest(data), ".png", len(data), PERSON, facts=facts)


def record(view: ProjectView, take: Take, *, approve: bool) -> Sequence[Event]:
    """Put the person's take among the others of its stage, and approve it if they say so."""
    shown = stage_of(view, take.stage)
    inputs = inputs_of(view, shown)
    mine = replace(take, number=len(shown.takes) + 1, inputs=inputs)
    if not approve:
        return (Recorded(mine),)
    return (Recorded(mine), Decided(Decision("edit", take.stage, take.id, inputs)))

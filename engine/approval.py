"""Who approves when the person does not: looks at a take and says whether it will do, and if not, why.

An approver is asked by the runner for stages under automatic approval. Knows no project, journal or codec: what is
in a file an Inspection says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from engine import boxes
from engine.agent import Input
from engine.boxes import Boxes
from engine.types import Stage, Take

_PARTS = re.compile(r"[,.;:]|\band\b|\bwhile\b|\bthen\b|\bbut\b")
_STILL = re.compile(
    r"\b(still|motionless|stationary|unmoving|static|fixed|steady|where it is|not mov\w*)\b"
    r"|n't mov|\b(rest|wait|stay|stand|sit|idle|pause|park|remain)(s|ed|ing)?\b"
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an approver thinks of one take."""

    approved: bool
    """Whether it will do."""
    reason: str = ""
    """Why not, as a sentence; empty when it will do."""
    undecided: bool = False
    """Whether the person is to decide: it neither passes nor is it turned down."""
    who: str = ""
    """Whose word it is, where it is not the approver's own: stands in the decision."""


class Approver(Protocol):
    """Somebody who approves takes."""

    @property
    def name(self) -> str:
        """`automatic`, or a critic's name: stands in the decision."""
        ...

    def judge(self, stage: Stage, take: Take, data: bytes, inputs: Mapping[str, Input]) -> Verdict:
        """Judge one take of a stage by its file and what it was made from. Raises ImageError, VideoError."""
        ...


class Inspection(Protocol):
    """Looks into files."""

    def blank(self, image: bytes) -> bool:
        """Whether the picture shows nothing: one colour all over. Raises ImageError."""
        ...

    def empty(self, mask: bytes) -> bool:
        """Whether the mask covers nothing. Raises ImageError."""
        ...

    def frozen(self, video: bytes) -> bool:
        """Whether nothing moves in the video. Raises VideoError."""
        ...


class Automatic:
    """Approves what is not plainly broken: a picture that shows something, a video in which something moves, things
    that were found, a mask that covers some of the picture."""

    name = "automatic"

    def __init__(self, inspection: Inspection) -> None:
        self._inspection = inspection

    def judge(self, stage: Stage, take: Take, data: bytes, inputs: Mapping[str, Input]) -> Verdict:
        """See Approver. A video may stand still where its motion says so, or where it was asked for none."""
        kind = take.artifact.kind
        if kind == "boxes":
            return _all_there(boxes.decode(data))
        if kind == "mask" and self._inspection.empty(data):
            return Verdict(False, "The mask covers nothing.")
        if kind == "image" and self._inspection.blank(data):
            return Verdict(False, "The picture is blank.")
        moves = kind == "video" and take.artifact.facts.get("frames") != 1
        if moves and not _still(inputs.get("motion", "still")) and self._inspection.frozen(data):
            return Verdict(False, "Nothing moves in the video.")
        return Verdict(True)


def _all_there(found: Boxes) -> Verdict:
    """Words that name no thing are for the whole picture; things that were named should have been found."""
    if found.chosen or not found.missing:
        return Verdict(True)
    return Verdict(False, f"Not found: {', '.join(found.missing)}. Reword the prompt, or paint the mask.")


def _still(motion: Input) -> bool:
    """Whether nothing is meant to move: every part of the motion says so, the camera's too."""
    parts = [part for part in _PARTS.split(motion.lower()) if part.strip()] if isinstance(motion, str) else []
    return bool(parts) and all(_STILL.search(part) for part in parts)

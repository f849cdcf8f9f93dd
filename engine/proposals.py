"""The judges' misses as an edit of the prompt: "the ball never bounces: say it first". Proposed, never applied.

What a judge misses comes with a statement that names its field, `motion: the red ball bounces` (engine.panel). The edit
puts the statement at the front of the field that the take was made from, and leaves the rest as it was. Pure functions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from engine import panel
from engine.seen import Proposal, StageView
from engine.types import Take

_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "motion": ("motion", "transition", "instruction", "scene"),
    "scene": ("scene", "instruction", "transition", "motion"),
}
"""What a statement speaks of -> the needs that may say it, the likeliest first."""
_MOVING: Final = ("Event Following", "Mechanics", "Interaction", "Material Properties", "Camera Control", "")
"""Dimensions that speak of what moves."""
_THING: Final = r"((?:the|a|an) (?:[\w-]+ )??[\w-]+)"
_CLAUSE: Final = r"(?:(?!,|;|\.|\band\b).)*"
"""The rest of what a clause says: up to a mark, or to `and`."""
_JOINT: Final = r"(?:\s*(?:,\s*(?:and\s+)?|;\s*|\band\s+|\.\s*))"


def proposal(shown: StageView, take: Take, fields: Mapping[str, Mapping[str, str]]) -> Proposal | None:
    """What the prompt could say first; None where nothing was missed, or it says that first already.

    fields: stage -> the words of its approved prompt.
    """
    says = {need.name: (need.source, need.field) for need in shown.stage.needs if need.field and need.source in fields}
    for miss, statement in panel.statements(take.artifact.facts):
        about, _, words = statement.partition(": ")
        for need in _FIELDS.get(about, ()):
            source, field = says.get(need, ("", ""))
            if not source or not field:
                continue
            before = fields[source].get(field, "")
            after = first(words, before)
            if after != before:
                return Proposal(source, field, before, after, f"Not seen: {miss}")
            break
    return None


def first(statement: str, text: str) -> str:
    """The text with the statement at its front; said elsewhere in it, its whole clause moves there."""
    plain = " ".join(text.split())
    if re.match(rf"{re.escape(statement)}\b", plain, re.IGNORECASE):
        return text
    found = re.search(rf"{_JOINT}?\b({re.escape(statement)}\b{_CLAUSE})", plain, re.IGNORECASE)
    leading = statement if found is None else found[1].strip()
    rest = plain if found is None else plain[: found.start()] + plain[found.end() :]
    rest = re.sub(rf"^{_JOINT}", "", rest).strip()
    return f"{leading}, {rest}" if rest.strip(" .,;") else leading


def stated(question: str, dimension: str) -> str:
    """A question turned round, with the field that it belongs to; empty where nobody would say it so.

    "Does the cat jump?" of Mechanics is `motion: the cat jumps`.
    """
    words = next(_turned(question.strip().rstrip("?").strip()), "")
    return f"{'motion' if dimension in _MOVING else 'scene'}: {words}" if words else ""


def _turned(question: str) -> Iterator[str]:
    there = re.fullmatch(r"(Is|Are) there (.+?)(?: in the (?:video|picture))?", question)
    if there:
        yield f"there {there[1].lower()} {there[2]}"
    being = re.fullmatch(rf"(Is|Are) {_THING} (.+)", question, re.IGNORECASE)
    if being:
        yield f"{being[2]} {being[1].lower()} {being[3]}"
    several = re.fullmatch(r"Do (the .+)", question)
    if several:
        yield several[1]
    doing = re.fullmatch(r"Does ((?:the|a|an) [\w-]+) ([\w-]+)(.*)", question)
    if doing:
        yield f"{doing[1]} {_third(doing[2])}{doing[3]}"


def _third(verb: str) -> str:
    """The verb as one who does it alone: jumps, goes, carries."""
    if re.search(r"(s|x|z|ch|sh|o)$", verb):
        return f"{verb}es"
    return f"{verb[:-1]}ies" if re.search(r"[^aeiou]y$", verb) else f"{verb}s"

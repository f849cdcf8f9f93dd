"""How one video becomes another, in the words that the model between them was taught."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from engine.agents.offline_reader import understand
from engine.pocket.found import Found
from engine.pocket.grammar import articles
from engine.pocket.wordings import ARRIVAL_TEMPLATES, JOIN_TEMPLATES, SCENE_PHRASES, WAY_PHRASES

_TURN: Final = re.compile(
    r"[;\n]+|,?\s*\b(?:(?:and )?then|(?:be)?comes|becom(?:e|ing)|turn(?:s|ing)? into|gives? way to|in the end|as|while"
    r"|(?:and )?onto|into|next(?! to)|(?<!next )to(?! (?:the )?(?:left|right|top|bottom|side)))\b,?",
    re.IGNORECASE,
)
"""Where a sentence goes over from the first video to the second."""
_WIPE: Final = re.compile(r"\b(?:wip|sweep|swept|swip|slid|push)\w*", re.IGNORECASE)
_LEFT: Final = re.compile(r"\bto (?:the )?left\b|\bleftwards?\b", re.IGNORECASE)
_MANNER: Final = re.compile(
    r"\b(?:soft|slow|gentl|quick|smooth|even|dissolv|melt|fad|blend|cross|morph|chang|wip|sweep|swept|swip|slid|push|lead|go)"
    r"\w*|\b(?:one|other|another|it|away|over|out|from|first|second|video|clip|scene|place|transition|(?:to )?(?:the )?"
    r"(?:left|right)(?:wards?)?)\b",
    re.IGNORECASE,
)
"""Words on how it happens, and for the videos themselves: no things."""
_MOST: Final = 3
"""Things in a video of this world."""
_BLIND: Final = (
    "The offline writer has not seen the videos. Say what the first shows and what the second, as in "
    "\u201ca red ball in a meadow; then a blue car in a city\u201d, and the transition keeps to it."
)


def crossing(prompt: str) -> tuple[str, tuple[str, ...]]:
    """The transition's plain wording, and notes: "a ball in a meadow; then a car, with a soft dissolve".

    What the prompt leaves open about either video is left out.
    """
    way = ("wipe left" if _LEFT.search(prompt) else "wipe right") if _WIPE.search(prompt) else "dissolve"
    first, second = (understand(_MANNER.sub(" ", part)) for part in [*_TURN.split(prompt, maxsplit=1), ""][:2])
    after = second.found
    if after.scene and not after.things:
        after = replace(after, things=first.found.things)
    ends = _brief(first.found), _brief(after)
    template = JOIN_TEMPLATES if all(ends) else ARRIVAL_TEMPLATES if ends[1] else ("",)
    told = filter(None, (template[0].format(first=ends[0], second=ends[1]), WAY_PHRASES[way][0]))
    notes = dict.fromkeys((*first.notes, *second.notes))
    return articles(", ".join(told)), (*notes, *(() if all(ends) else (_BLIND,)))


def _brief(found: Found) -> str:
    """What a text says of a video's things and place; empty where it names no thing."""
    things = [" ".join(filter(None, ("a", thing.colour, thing.noun))) for thing in found.things[:_MOST]]
    listed = " and ".join(filter(None, (", ".join(things[:-1]), *things[-1:])))
    place = SCENE_PHRASES[found.scene][0] if found.scene else ""
    return f"{listed} {place}".strip() if things else ""

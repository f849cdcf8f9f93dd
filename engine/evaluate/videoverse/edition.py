"""The pocket edition of VideoVerse: 300 held-out prompts whose questions the simulator answers.

It is a prompt file like the official one, with more in it: `pocket` says which clip an entry is, and every check and
event has its `fact` (engine.pocket.facts). As in the official one, a faithful video has "yes" everywhere.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any, Final

from engine.evaluate.videoverse.dimensions import CHECKS
from engine.pocket import facts, grammar, happenings, quiz
from engine.pocket.happenings import Fact
from engine.pocket.world import Clip, sample_clip

PROMPTS: Final = 300
SHIPPED: Final = Path(__file__).parents[3] / "assets" / "videoverse" / "pocket.json"
_CHECKS: Final = 3
"""Questions of a prompt; the official edition has 793 of 300."""
_EVENTS: Final = 4
"""Most events of a prompt."""


def build(prompts: int = PROMPTS) -> dict[str, Any]:
    """The edition, the same every time. Each dimension is asked about as often as another where clips allow it."""
    asked: Counter[str] = Counter()
    return {f"pocket-{number:03}": _entry(clip, things, asked) for number, (clip, things) in _clips(prompts)}


def encoded(edition: Mapping[str, Any]) -> bytes:
    """As a file: JSON, a line a prompt."""
    lines = (f"{json.dumps(key)}: {json.dumps(entry, separators=(',', ':'))}" for key, entry in edition.items())
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


def clip_of(entry: Mapping[str, Any]) -> Clip:
    """The clip that an entry of the edition is about."""
    pocket = entry["pocket"]
    return sample_clip(pocket["index"], True, pocket["things"])


def truth(entry: Mapping[str, Any], clip: Clip) -> tuple[str, tuple[bool, ...]]:
    """What is so in a clip, be it the entry's or another: events as letters in their order, and each check."""
    listed = entry["t2v_eval_event_info"]["verification_plan"]
    when = [(happenings.happens(tuple(one["fact"]), clip), chr(ord("A") + place)) for place, one in enumerate(listed)]
    order = "".join(letter for seconds, letter in sorted((s, letter) for s, letter in when if s is not None))
    return order, tuple(facts.holds(tuple(check["fact"]), clip) for check in entry["verification_checks"])


def _clips(prompts: int) -> Iterator[tuple[int, tuple[Clip, int]]]:
    """Held-out clips in which two things or more happen one after the other; every third has three things in it."""
    indices = {2: count(), 3: count()}
    for number in range(prompts):
        things = 3 if number % 3 == 2 else 2
        clips = (sample_clip(index, True, things) for index in indices[things])
        yield number, (next(clip for clip in clips if len(quiz.events(clip)) > 1), things)


def _entry(clip: Clip, things: int, asked: Counter[str]) -> dict[str, Any]:
    plan = [
        {"event_id": number, "event_description": happenings.event(fact), "fact": fact}
        for number, fact in enumerate(quiz.events(clip)[:_EVENTS], 1)
    ]
    checks = [
        {"check_type": facts.dimension(fact), "question": facts.question(fact), "fact": fact}
        for fact in _chosen(clip, asked)
    ]
    return {
        "verification_checks": checks,
        "t2v_following_prompt": {"t2v_prompt": f"{grammar.canonical_scene(clip)}. {grammar.canonical_motion(clip)}."},
        "t2v_eval_event_info": {"verification_plan": plan},
        "pocket": {"index": clip.seed, "things": things},
    }


def _chosen(clip: Clip, asked: Counter[str]) -> Sequence[Fact]:
    """One fact of each of the three dimensions that were asked about least; of a dimension the rarest kind of fact."""
    rng = random.Random(f"{clip.seed}/{len(clip.things)}/videoverse")
    there: dict[str, list[Fact]] = {}
    for fact in facts.true_of(clip):
        there.setdefault(facts.dimension(fact), []).append(fact)
    least = sorted((name for name in CHECKS if name in there), key=lambda name: (asked[name], rng.random()))
    chosen = [min(there[name], key=lambda fact: (asked[_kind(fact)], rng.random())) for name in least[:_CHECKS]]
    for fact in chosen:
        asked.update((facts.dimension(fact), _kind(fact)))
    return chosen


def _kind(fact: Fact) -> str:
    """What is asked, whatever thing it is asked of."""
    return f"{fact[0]}/{fact[-1] if fact[0] not in ('meet', 'nearer', 'left of') else ''}"

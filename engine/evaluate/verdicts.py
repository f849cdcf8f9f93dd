"""The critic on clips that were generated: whether it says what the independent judge says, and which it would keep.

A clip is made for the words of a held-out one. Asked is what the words say and, as often, what is near to it and not
so; the judge, which shares nothing with the critic, says what is to be seen, and what it cannot tell is not asked.
Candidates for the same words are ranked as the app ranks them: by the questions that the grammar writes for a prompt.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from engine.agents import question_writer
from engine.agents.criticism import criticise
from engine.evaluate.cases import Figure, Row, summary
from engine.evaluate.comparing import differences
from engine.evaluate.judge import Seen
from engine.evaluate.pocket import Made, score
from engine.pocket import facts, grammar, quiz
from engine.pocket.critic import PocketCritic
from engine.pocket.happenings import Fact

RIGHT = "nouns, colours, motions"
"""What is right of a clip: see engine.evaluate.pocket.score."""
TOLD = frozenset({"camera", "place", "kind", "colour", "moves", "material"})
"""Facts that the judge can tell."""
UNLIKE = "same, where the judge sees something else than the words say"
_SURE = 0.5


@dataclass(frozen=True)
class Candidates:
    """Clips made for one prompt, the first seed's first, and what the judge sees in each."""

    made: Sequence[Made]
    seen: Sequence[Seen]


def holds(fact: Fact, seen: Seen) -> bool:
    """Whether a fact that the judge can tell holds in what it sees."""
    name, *words = fact
    there = {thing.noun: thing for thing in seen.things}
    if name in ("camera", "place"):
        return words[0] == (seen.camera if name == "camera" else seen.scene)
    if name == "kind":
        return words[0] in {facts.KINDS.get(noun) for noun in there}
    if words[0] not in there:
        return False
    found = there[words[0]]
    material = found.motion if found.motion in ("grow", "shrink") else "rigid"
    return words[1] == {"colour": found.colour, "moves": found.motion, "material": material}[name]


def agreement(critic: PocketCritic, every: Sequence[Candidates]) -> dict[str, Any]:
    """How often critic and judge say the same, over all candidates: with intervals, questions of a prompt together.

    Also by dimension, where the judge sees something else than the words say, and each of the two against the words.
    """
    rows: list[Row] = []
    groups: list[int] = []
    for number, candidates in enumerate(every):
        for made, seen in zip(candidates.made, candidates.seen, strict=True):
            mine = list(_answers(critic, made, seen))
            rows += mine
            groups += [number] * len(mine)
    return {name: _digits(figure) for name, figure in summary(rows, groups).items()}


def best(critic: PocketCritic, every: Sequence[Candidates]) -> dict[str, Any]:
    """How often the first candidate is right by the judge, the one that the critic would keep, and any at all."""
    first: dict[str, Row] = {}
    kept: dict[str, Row] = {}
    some: list[Row] = []
    for number, candidates in enumerate(every):
        right = [
            float(score(made.clip, seen)[RIGHT]) for made, seen in zip(candidates.made, candidates.seen, strict=True)
        ]
        liked = [liking(critic, made) for made in candidates.made]
        first[str(number)] = {RIGHT: right[0]}
        kept[str(number)] = {RIGHT: right[liked.index(max(liked))]}
        some.append({RIGHT: max(right)})
    gain = differences(first, kept)[RIGHT]
    shares = {"first": list(first.values()), "the critic's": list(kept.values()), "any": some}
    found = {name: _digits(summary(rows)[RIGHT]) for name, rows in shares.items()}
    return {**found, "gain": {**_digits(gain.figure), "says": gain.says}}


def liking(critic: PocketCritic, made: Made) -> float:
    """What candidates are ranked by, 0..1."""
    words = f"{grammar.canonical_scene(made.clip)}. {grammar.canonical_motion(made.clip)}"
    return criticise(critic, made.frames, question_writer.offline(words)).overall


def _answers(critic: PocketCritic, made: Made, seen: Seen) -> Iterator[Row]:
    rng = random.Random(f"verdicts/{made.clip.seed}/{len(made.clip.things)}")
    true = [fact for fact in quiz.true_of(made.clip) if fact[0] in TOLD]
    false = [fact for fact in dict.fromkeys(quiz.false_of(made.clip, rng)) if fact[0] in TOLD]
    asked = [*true, *rng.sample(false, min(len(true), len(false)))]
    said = critic.yes(critic.look(made.frames), [facts.question(fact) for fact in asked])
    for place, (fact, sure) in enumerate(zip(asked, said, strict=True)):
        yes, so, wanted = sure > _SURE, holds(fact, seen), place < len(true)
        same = float(yes == so)
        row = {"same": same, f"same, {facts.dimension(fact)}": same}
        if so != wanted:
            row[UNLIKE] = same
        yield {**row, "critic says what the words say": float(yes == wanted), "judge does": float(so == wanted)}


def _digits(figure: Figure) -> dict[str, float]:
    """For JSON."""
    return {name: round(value, 4) for name, value in asdict(figure).items()}

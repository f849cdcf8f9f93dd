"""How long the critic takes to look at a clip and answer in all ten dimensions, and what it takes of memory over many.

`python -m bench.looking --clips 20 --threads 2`. With `--untrained` one of the size that ships, which knows nothing, is
asked instead: it takes as long. Seconds are the median of all clips; processor seconds do not mind other programs.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from pathlib import Path

import torch

from engine.agents.criticism import criticise
from engine.pocket import critic, facts, happenings, quiz
from engine.pocket.critic import Calibration, PocketCritic
from engine.pocket.critic_shape import Shape, build
from engine.pocket.render import Renderer, layout
from engine.pocket.world import Clip
from engine.questionnaire import CHECKS, Check, Questionnaire
from engine.train.quizzes import tokenizer

ROOT = Path(__file__).resolve().parents[1]
_EDGE = 192


def parser() -> argparse.ArgumentParser:
    """The command line's grammar."""
    made = argparse.ArgumentParser(prog="python -m bench.looking", description=__doc__)
    made.add_argument("--clips", type=int, default=20)
    made.add_argument("--threads", type=int, default=2, help="processor cores")
    made.add_argument("--critic", type=Path, default=ROOT / "assets" / "critic")
    made.add_argument("--untrained", action="store_true", help="one that knows nothing, of the size that ships")
    return made


def untrained() -> PocketCritic:
    """A critic of the size that ships."""
    words = tokenizer()
    image = words.convert_tokens_to_ids(critic.IMAGE)
    return PocketCritic(build(len(words), image, Shape()), words, Calibration())


def whole() -> tuple[Clip, Questionnaire]:
    """A held-out clip that can be asked about in every dimension, and the questions: two of each, and an order."""
    for index in range(1000):
        clip, rng = quiz.clip_of(index, held_out=True)
        mine: dict[str, list[Check]] = {}
        for fact in (*quiz.true_of(clip), *quiz.false_of(clip, rng)):
            mine.setdefault(facts.dimension(fact), []).append(Check(facts.dimension(fact), facts.question(fact)))
        events = tuple(happenings.event(fact) for fact in quiz.events(clip)[: quiz.MOST_EVENTS])
        if {*mine} == {*CHECKS} and len(events) == quiz.MOST_EVENTS:
            return clip, Questionnaire(tuple(check for some in mine.values() for check in some[:2]), events)
    raise LookupError("no clip has every dimension")


def main(argv: list[str]) -> int:
    """Measure and print one JSON object."""
    arguments = parser().parse_args(argv)
    torch.set_num_threads(arguments.threads)
    asked = untrained() if arguments.untrained else PocketCritic.from_pretrained(arguments.critic)
    clip, questions = whole()
    frames = Renderer("cpu", _EDGE).render(layout([clip], critic.FRAMES))[0].movedim(1, -1).contiguous().numpy()
    seconds: list[float] = []
    processor: list[float] = []
    memory: dict[int, float] = {}
    for number in range(1, arguments.clips + 1):
        began, worked = time.perf_counter(), time.process_time()
        criticise(asked, frames, questions)
        seconds.append(time.perf_counter() - began)
        processor.append(time.process_time() - worked)
        if number % max(1, arguments.clips // 5) == 0:
            memory[number] = _resident_mib()
    found = {
        "questions": len(questions.checks), "events": len(questions.events), "threads": arguments.threads,
        "seconds a clip": round(statistics.median(seconds), 2), "the slowest": round(max(seconds), 2),
        "processor seconds a clip": round(statistics.median(processor), 2),
        "resident MiB after so many clips": memory,
    }  # fmt: skip
    print(json.dumps(found, indent=1))
    return 0


def _resident_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return round(pages * 4096 / 2**20, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

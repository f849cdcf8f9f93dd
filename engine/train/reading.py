"""Teach the text encoder to read, before it sees a picture: which colour, size, place and motion belong to which noun.

The diffusion loss alone leaves a text encoder a bag of words for a long time (docs/LOG.md). Here the simulator, which
knows the truth, asks for it directly: small heads on the noun's own embedding name the facts of that thing. The heads
are thrown away; the generator's training goes on from the encoder.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

from engine.pocket import grammar
from engine.pocket.pipeline import TEXT_TOKENS
from engine.pocket.vocabulary import CAMERAS, COLOURS, MOTIONS, NOUNS, POSITIONS, SCENES, SIZES, SPEEDS, lookup
from engine.pocket.world import MOST_THINGS, Clip, Thing, sample_clip
from engine.train import components
from engine.train.budget import Budget, learning_rate_factor, write_record

logger = logging.getLogger(__name__)

FACTS: Mapping[str, int] = {
    "noun": len(NOUNS),
    "colour": len(COLOURS),
    "size": len(SIZES),
    "position": len(POSITIONS),
    "motion": len(MOTIONS) + 1,
    "speed": len(SPEEDS),
}
"""What is asked about a thing, and how many answers there are; rolling to either side are two motions."""
_ABOUT_THE_CLIP: Mapping[str, int] = {"scene": len(SCENES), "camera": len(CAMERAS)}


@dataclass(frozen=True)
class ReadingPreset:
    """Numbers of a run."""

    batch: int = 512
    learning_rate: float = 2e-3
    weight_decay: float = 0.01
    layers: int = 3
    """Blocks of the text encoder."""
    measured: int = 2000
    """Held-out captions with two things that it is measured on."""


@dataclass(frozen=True)
class Lessons:
    """Some captions and the truth about them."""

    tokens: NDArray[np.int64]
    """(captions, TEXT_TOKENS)."""
    nouns: NDArray[np.int64]
    """(captions, MOST_THINGS, TEXT_TOKENS): 1 where a word names the thing."""
    facts: NDArray[np.int64]
    """(captions, MOST_THINGS, FACTS): answers in the order of FACTS; -1 where there is no thing, or it is not named."""
    clip: NDArray[np.int64]
    """(captions, 2): scene and camera."""


def answers(thing: Thing) -> list[int]:
    """The thing's facts in the order of FACTS."""
    motion = MOTIONS.index(thing.motion)
    if thing.motion == "roll" and thing.direction == "left":
        motion = len(MOTIONS)
    return [
        NOUNS.index(thing.noun),
        tuple(COLOURS).index(thing.colour),
        tuple(SIZES).index(thing.size),
        tuple(POSITIONS).index(thing.position),
        motion,
        -1 if thing.motion == "still" else SPEEDS.index(thing.speed),
    ]


def make_lessons(size: int, number: int, held_out: bool = False, things: int | None = None) -> Lessons:
    """Lessons of clips number * size .. (number + 1) * size - 1, in free wordings."""
    clips = [sample_clip(index, held_out, things) for index in range(number * size, (number + 1) * size)]
    texts = [_caption(clip) for clip in clips]
    tokenizer = components.tokenizer(grammar.words())
    encoded: Any = tokenizer(texts, padding="max_length", truncation=True, max_length=TEXT_TOKENS)
    meaning = [lookup(word) or ("", "") for word in tokenizer.convert_ids_to_tokens(range(len(tokenizer)))]
    tokens = np.array(encoded["input_ids"], np.int64)
    named = np.array([NOUNS.index(noun) if kind == "noun" else -1 for kind, noun in meaning])[tokens]
    nouns = np.zeros((size, MOST_THINGS, TEXT_TOKENS), np.int64)
    facts = np.full((size, MOST_THINGS, len(FACTS)), -1, np.int64)
    for row, clip in enumerate(clips):
        for slot, thing in enumerate(clip.things):
            nouns[row, slot] = named[row] == NOUNS.index(thing.noun)
            if nouns[row, slot].any():
                facts[row, slot] = answers(thing)
    about = np.array([(SCENES.index(clip.scene), CAMERAS.index(clip.camera)) for clip in clips], np.int64)
    return Lessons(tokens, nouns, facts, about)


def _caption(clip: Clip) -> str:
    rng = random.Random(clip.seed)
    return f"{grammar.scene_caption(clip, rng)}. {grammar.motion_caption(clip, rng)}"


class ReadingTrainer:
    """Holds the encoder, its heads and their optimizer."""

    def __init__(self, preset: ReadingPreset, device: torch.device) -> None:
        torch.manual_seed(3)
        self.preset, self.device = preset, device
        self.encoder = components.text_encoder(len(components.tokenizer(grammar.words())), preset.layers).to(device)
        sizes = {**FACTS, **_ABOUT_THE_CLIP}
        self.heads = torch.nn.ModuleDict(
            {name: torch.nn.Linear(components.TEXT_WIDTH, count) for name, count in sizes.items()}
        ).to(device)
        parameters = [*self.encoder.parameters(), *self.heads.parameters()]
        self.optimizer = torch.optim.AdamW(
            parameters, lr=preset.learning_rate, weight_decay=preset.weight_decay, betas=(0.9, 0.98)
        )

    def answer(self, lessons: Lessons) -> tuple[dict[str, torch.Tensor], dict[str, torch.Tensor]]:
        """Logits and truth by the fact's name: (things, answers) and (things,); -1 in the truth is not asked."""
        tokens, nouns, facts, clip = (
            torch.from_numpy(each).to(self.device)
            for each in (lessons.tokens, lessons.nouns, lessons.facts, lessons.clip)
        )
        mask = (tokens != 0).long()
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda"):
            hidden = self.encoder(tokens, mask).last_hidden_state.float()
        words = nouns.float() / nouns.sum(-1, keepdim=True).clamp(min=1)
        things = torch.einsum("bst,btc->bsc", words, hidden).flatten(0, 1)
        whole = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        logits = {name: self.heads[name](things) for name in FACTS}
        truth = {name: facts[..., column].flatten() for column, name in enumerate(FACTS)}
        logits |= {name: self.heads[name](whole) for name in _ABOUT_THE_CLIP}
        truth |= {name: clip[:, column] for column, name in enumerate(_ABOUT_THE_CLIP)}
        return logits, truth

    def run(self, budget: Budget, processes: int) -> None:
        """Train until the budget is spent."""
        for lessons in _stream(self.preset.batch, processes):
            logits, truth = self.answer(lessons)
            loss = torch.stack([F.cross_entropy(logits[name], truth[name], ignore_index=-1) for name in logits]).sum()
            self.optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.encoder.parameters(), 1.0)
            for group in self.optimizer.param_groups:
                group["lr"] = self.preset.learning_rate * learning_rate_factor(budget.step, budget.fraction)
            self.optimizer.step()
            budget.step += 1
            if budget.step % 100 == 0:
                logger.info("reading step %d, loss %.3f", budget.step, float(loss.detach()))
            if budget.fraction >= 1:
                return

    @torch.no_grad()
    def finish(self, budget: Budget, folder: Path) -> dict[str, float]:
        """Measure on held-out captions with two things, save the encoder."""
        right: dict[str, list[torch.Tensor]] = {}
        for number in range(-(-self.preset.measured // self.preset.batch)):
            logits, truth = self.answer(make_lessons(self.preset.batch, number, held_out=True, things=2))
            for name, row in logits.items():
                right.setdefault(name, []).append((row.argmax(-1) == truth[name])[truth[name] >= 0])
        scores = {name: float(torch.cat(rows).float().mean()) for name, rows in right.items()}
        self.encoder.save_pretrained(folder)
        write_record(folder, budget, scores)
        return scores


def _stream(size: int, processes: int) -> Iterator[Lessons]:
    """Lessons without end, made ahead in `processes` processes, or as they are asked for when it is 0."""
    number = 10**8 // size
    if not processes:
        while True:
            yield make_lessons(size, number)
            number += 1
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        ahead = [pool.submit(make_lessons, size, number + offset) for offset in range(2 * processes)]
        try:
            while True:
                number += 1
                ahead.append(pool.submit(make_lessons, size, number + 2 * processes - 1))
                yield ahead.pop(0).result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

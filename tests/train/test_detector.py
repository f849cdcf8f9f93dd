"""The detector's lessons say what is true; its trainer learns, resumes, and saves what the app loads."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from engine.models.manifest import verify
from engine.pocket.detector import GRID, PHRASE_TOKENS, PocketDetector
from engine.pocket.vocabulary import COLOURS, NOUNS, SYNONYMS
from engine.pocket.world import Clip, sample_clip
from engine.train.budget import Budget
from engine.train.detector import PATIENT, DetectorTrainer, mask_loss
from engine.train.queries import Lessons, Query, draw_queries, tokenizer
from engine.train.release import release

CPU = torch.device("cpu")
TINY = replace(PATIENT, batch=2, queries=3, visits=1, width=8, measured=2, leaves=0.5, strokes=0.5)


def canonical(word: str, category: str) -> str | None:
    """The vocabulary's word for one of a phrase's; None when it is of another category."""
    known = NOUNS if category == "noun" else tuple(COLOURS)
    if word in known:
        return word
    return next((name for name, others in SYNONYMS[category].items() if word in others.split()), None)


def meant(query: Query, clip: Clip) -> tuple[int, ...]:
    """Which things a phrase means, read from its words."""
    words = query.phrase.split()
    noun = next((found for word in words if (found := canonical(word, "noun"))), None)
    colour = next((found for word in words if (found := canonical(word, "colour"))), None)
    known = {"everything", "all", "every", "it", "of", "things", "thing", "anything", "one", "the"}
    if noun is None and not all(word in known or word == colour or canonical(word, "colour") for word in words):
        return ()
    return tuple(
        slot for slot, thing in enumerate(clip.things) if noun in (None, thing.noun) and colour in (None, thing.colour)
    )


@pytest.mark.parametrize("index", range(12))
def test_phrases_mean_what_they_say(index: int) -> None:
    clip = sample_clip(index, False)
    for query in draw_queries(clip, 40, random.Random(index)):
        assert query.slots == meant(query, clip), query.phrase


def test_half_of_the_phrases_name_what_is_not_there() -> None:
    rng = random.Random(0)
    queries = [query for index in range(60) for query in draw_queries(sample_clip(index, False), 20, rng)]
    assert 0.42 < sum(not query.slots for query in queries) / len(queries) < 0.6


def test_every_phrase_is_within_the_tokenizers_words() -> None:
    words, rng = tokenizer(), random.Random(0)
    for index in range(40):
        for query in draw_queries(sample_clip(index, False), 20, rng):
            ids = words(query.phrase)["input_ids"]
            assert len(ids) <= PHRASE_TOKENS
            assert (words.unk_token_id in ids) == ("<unk>" in query.phrase)


def test_a_lesson_follows_from_its_number() -> None:
    first, again = Lessons(4, 5)[3], Lessons(4, 5, first=1)[2]
    assert first.number == again.number == 3
    assert (first.tokens == again.tokens).all()
    assert (first.layout.transforms == again.layout.transforms).all()
    assert first.layout.transforms.shape[1] == 1, "one moment of each clip"
    assert not (first.tokens == Lessons(4, 5)[4].tokens).all()


def test_lessons_show_what_phrases_mean() -> None:
    chunk = Lessons(TINY.batch, 2 * TINY.queries)[0]
    both = DetectorTrainer(replace(TINY, visits=2), CPU, 0).draw(chunk)
    assert [lesson.masks.shape for lesson in both] == [(2, 3, GRID, GRID)] * 2
    for visit, lesson in enumerate(both):
        said = chunk.meant[:, visit * 3 : visit * 3 + 3].any(-1)
        assert ((lesson.masks.amax((2, 3)) > 0.3).numpy() == said).all()
        assert -1 <= lesson.pixels.min() < lesson.pixels.max() <= 1


def test_the_loss_wants_the_right_mask_and_no_other() -> None:
    mask = torch.zeros(2, GRID, GRID)
    mask[0, 10:20, 10:20] = 1
    right = mask * 16 - 8
    assert mask_loss(right, mask) < 0.05
    assert mask_loss(-right, mask) > mask_loss(torch.zeros_like(mask), mask) > mask_loss(right, mask)
    assert mask_loss(right[:1], mask[1:]) > 0.5, "a false alarm costs"


def test_it_learns_resumes_and_is_released(tmp_path: Path) -> None:
    checkpoint = tmp_path / "run" / "checkpoint.pt"
    trainer = DetectorTrainer(TINY, CPU, 0)
    before = [p.detach().clone() for p in trainer.learner.parameters]
    trainer.run(Budget(steps=2), checkpoint)
    assert any(not torch.equal(a, b) for a, b in zip(before, trainer.learner.parameters, strict=True))
    again, budget = DetectorTrainer(TINY, CPU, 0), Budget(steps=3)
    again.learner.resume(checkpoint, budget)
    assert budget.step == 2
    assert all(torch.equal(a, b) for a, b in zip(again.learner.average, trainer.learner.average, strict=True))
    again.run(budget, checkpoint)
    scores = again.finish(budget, tmp_path / "run")
    assert json.loads((tmp_path / "run" / "training.json").read_text())["steps"] == 3
    assert set(scores) >= {"box_found", "mask_iou", "alarm_absent", "alarm_colour"}
    sizes = release({"detector": tmp_path / "run"}, tmp_path / "assets")
    assert sizes["detector"] < 1
    folder = tmp_path / "assets" / "detector"
    assert verify(folder)
    assert not (folder / "checkpoint.pt").exists()
    assert PocketDetector.from_pretrained(folder).model.config.view == TINY.view

"""The text encoder is taught which facts belong to which noun."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
from transformers import T5EncoderModel

from engine.pocket import grammar
from engine.pocket.vocabulary import COLOURS, NOUNS, lookup
from engine.pocket.world import sample_clip
from engine.train import components
from engine.train.budget import Budget
from engine.train.reading import FACTS, ReadingPreset, ReadingTrainer, make_lessons


def test_lessons_ask_for_the_truth_at_the_noun_itself() -> None:
    lessons = make_lessons(size=40, number=3, things=2)
    words = components.tokenizer(grammar.words()).convert_ids_to_tokens
    for row in range(40):
        clip = sample_clip(3 * 40 + row, held_out=False, things=2)
        for slot, thing in enumerate(clip.things):
            named = [words(int(token)) for token in lessons.tokens[row][lessons.nouns[row, slot] == 1]]
            assert named
            assert {lookup(word) for word in named} == {("noun", thing.noun)}
            facts = dict(zip(FACTS, lessons.facts[row, slot], strict=True))
            assert NOUNS[facts["noun"]] == thing.noun
            assert tuple(COLOURS)[facts["colour"]] == thing.colour
        assert (lessons.facts[row, 2] == -1).all()


def test_the_same_lessons_come_from_the_same_number() -> None:
    first, second = make_lessons(8, 5), make_lessons(8, 5)
    assert np.array_equal(first.tokens, second.tokens)
    assert not np.array_equal(first.tokens, make_lessons(8, 6).tokens)


def test_the_encoder_learns_and_is_saved_with_its_scores(tmp_path: Path) -> None:
    trainer = ReadingTrainer(ReadingPreset(batch=16, layers=1, measured=32), torch.device("cpu"))
    before = [parameter.detach().clone() for parameter in trainer.encoder.parameters()]
    budget = Budget(steps=2)
    trainer.run(budget, processes=0)
    scores = trainer.finish(budget, tmp_path)
    assert set(scores) == {*FACTS, "scene", "camera"}
    assert json.loads((tmp_path / "training.json").read_text())["steps"] == 2
    loaded = list(T5EncoderModel.from_pretrained(tmp_path).parameters())
    assert any(not torch.equal(a, b) for a, b in zip(before, loaded, strict=True))

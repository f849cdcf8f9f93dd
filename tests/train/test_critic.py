"""The critic's lessons say what is so; its trainer learns, goes on from a checkpoint, and saves what can be asked."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from engine.evaluate.criticising import Exam, Marks, examine, figures
from engine.evaluate.videoverse.dimensions import CHECKS, EVENTS
from engine.pocket import quiz
from engine.pocket.critic import VIEW, PocketCritic
from engine.pocket.render import Renderer
from engine.pocket.vocabulary import NOUNS
from engine.train import patches, toys
from engine.train.budget import Budget
from engine.train.critic import CriticTrainer
from engine.train.gallery import Gallery, drawn
from engine.train.quizzes import FIELDS, SHARES, SHEET, UNASKED, YES_NO, Quiz, QuizOptions, Quizzes, tokenizer

CPU = torch.device("cpu")


def test_a_sheet_holds_the_questions_and_their_answers_where_they_belong() -> None:
    lesson, words = Quizzes(QuizOptions(3, 2))[7], tokenizer()
    assert lesson.tokens.shape == lesson.targets.shape == (3, 2, SHEET)
    assert words.unk_token_id not in lesson.tokens
    clip, rng = quiz.clip_of(21, held_out=False)
    rng.random()
    asked = quiz.about(clip, 2 * YES_NO, rng, SHARES)
    targets = lesson.targets[0, 1]
    said = [targets[n * FIELDS[0] : (n + 1) * FIELDS[0]] for n in range(YES_NO)]
    told = [words.convert_ids_to_tokens(int(one[one != UNASKED][0])) for one in said]
    assert told == ["yes" if one.yes else "no" for one in asked[YES_NO:]]
    described = [*targets[-FIELDS[-1] :]]
    words_told = words.decode([one for one in described if one != UNASKED], skip_special_tokens=True)
    assert words_told.split() == quiz.description(clip).lower().split()


def test_few_labels_come_again_and_wrong_ones_are_turned_round() -> None:
    few = Quizzes(QuizOptions(4, labels=2 * YES_NO))[0]
    assert np.array_equal(few.tokens[0], few.tokens[2])
    assert not np.array_equal(few.tokens[0], few.tokens[1])
    turned = Quizzes(QuizOptions(4, labels=2 * YES_NO, wrong=1.0))[0]
    short = slice(0, YES_NO * FIELDS[0])
    assert (few.targets[..., -FIELDS[-1] :] == UNASKED).all(), "a description would tell more than the labels"
    differ = (few.targets[..., short] != turned.targets[..., short]).sum()
    assert differ == (few.targets[..., short] != UNASKED).sum()


def test_the_ring_gives_back_what_was_hung_up() -> None:
    lesson = Quizzes(QuizOptions(2, 2))[0]
    renderer = Renderer("cpu", VIEW)
    frames, shown = drawn(renderer, lesson), patches.shown(renderer, lesson)
    ring = Gallery(2, 2, CPU)
    ring.add(frames, shown, lesson)
    ring.add(frames, shown, lesson)
    assert len(ring) == 2
    some = ring.pick(3)
    places = [next(n for n in range(2) if torch.equal(one, frames[n])) for one in some.frames]
    for place, row, where in zip(places, some.tokens.numpy(), some.where, strict=True):
        assert any(np.array_equal(row, sheet) for sheet in lesson.tokens[place])
        nouns = {NOUNS[noun] for noun in lesson.layout.nouns[place] if noun >= 0}
        assert {NOUNS[noun] for noun in where[:, : len(NOUNS)].any(0).nonzero()[:, 0]} == nouns


def test_it_learns_goes_on_and_saves_what_can_be_asked(tmp_path: Path) -> None:
    first = CriticTrainer(toys.CRITIC, CPU)
    before = [weight.detach().clone() for weight in first.learner.parameters]
    first.run(Budget(steps=1), tmp_path / "checkpoint.pt", 0)
    assert any(not torch.equal(a, b) for a, b in zip(before, first.learner.parameters, strict=True))
    again, budget = CriticTrainer(toys.CRITIC, CPU), Budget(steps=2)
    again.learner.resume(tmp_path / "checkpoint.pt", budget)
    assert budget.step == 1
    again.run(budget, tmp_path / "checkpoint.pt", 0)
    scores = again.finish(budget, tmp_path)
    assert {"right", "worst", "order, strict", "ece", "yes to a black video"} <= {*scores}
    assert json.loads((tmp_path / "training.json").read_text())["scores"] == scores
    loaded = PocketCritic.from_pretrained(tmp_path)
    assert 0 < examine(loaded, Exam(0, 1), Renderer("cpu", 128))["right"] <= 1
    third = CriticTrainer(toys.CRITIC, CPU)
    third.start_from(tmp_path)
    kept = [weight.half().float() for weight in again.learner.average]
    shipped = kept[: -len([*again.where.parameters()])]
    assert len(shipped) == len([*third.model.parameters()]), "all but what reads the patches is shipped"
    assert all(torch.equal(a, b) for a, b in zip(shipped, third.model.parameters(), strict=True))


def test_few_labels_come_alone_and_none_leave_what_is_seen() -> None:
    few, none = (CriticTrainer(replace(toys.CRITIC, labels=labels), CPU) for labels in (YES_NO, 0))
    assert few.weights.tolist() == [*toys.CRITIC.weights[:2], 0.0, 0.0]
    assert none.weights.tolist() == [0.0, 0.0, *toys.CRITIC.weights[2:]]
    lesson = next(none.lessons(0, 0))
    assert (lesson.targets[..., -FIELDS[-1] :] != UNASKED).any(), "descriptions are there"


class Counting(CriticTrainer):
    """Counts the lessons that it hangs up."""

    hung = 0

    def _hang(self, gallery: Gallery, quiz: Quiz) -> None:
        self.hung += 1
        super()._hang(gallery, quiz)


def test_what_few_labels_are_about_is_hung_up_once(tmp_path: Path) -> None:
    few = Counting(replace(toys.CRITIC, labels=2 * YES_NO, refill_every=1), CPU)
    few.run(Budget(steps=2), tmp_path / "checkpoint.pt", 0)
    assert few.hung == 1


def test_figures_by_hand() -> None:
    marks = Marks(orders=[1.0, 0.5], blank=[0.0, 1.0])
    for name in (*CHECKS, EVENTS):
        marks.note(name, 0.9, True)
    marks.note(CHECKS[0], 0.8, False)
    found = figures(marks)
    assert found["right"] == 0.9
    assert found["worst"] == 0.5
    assert found["order, strict"] == 0.75
    assert found["yes to a black video"] == 0.5

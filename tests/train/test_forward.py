"""The forward model takes any subset and gives any; its trainer learns, goes on, saves, and measures beside copying."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from engine.evaluate.foreseen import MIXES, vectors
from engine.pocket.worlds.forward import MODALITIES, WORDS, ForwardModel, Senses, patches, unpatched
from engine.pocket.worlds.happening import Happening
from engine.pocket.worlds.reflector import Triple
from engine.pocket.worlds.steps import sample_step
from engine.train import toys
from engine.train.budget import Budget
from engine.train.costs import change_weights, future_loss
from engine.train.forward import ForwardTrainer, mixes
from engine.train.futures import Futures, future, futures, ids_of, vocabulary
from engine.train.reminders import REMINDERS, Lesson, others_alike
from tests.tiny_worlds import tiny_autoencoder

CPU = torch.device("cpu")
TINY = replace(toys.FORWARD, batch=2, layers=1, width=32, measured=2)


@pytest.fixture(scope="module")
def trainer() -> ForwardTrainer:
    return ForwardTrainer(TINY, tiny_autoencoder(), CPU, 0)


def state() -> tuple[Senses, torch.Tensor]:
    chunk = futures(range(2))
    sounds = torch.from_numpy(chunk.sounds[:, 0])
    return Senses(torch.randn(2, 8, 24, 24), sounds, torch.from_numpy(chunk.state)), torch.from_numpy(chunk.action)


def test_patches_are_put_together_again() -> None:
    picture, sound = torch.randn(2, 8, 24, 24), torch.randn(2, 48, 32)
    assert patches(picture, 4).shape == (2, 36, 128)
    assert torch.equal(unpatched(patches(picture, 4), "picture"), picture)
    assert torch.equal(unpatched(patches(sound, 8), "sound"), sound)


@pytest.mark.parametrize(("given", "wanted"), mixes(1.0, staged=False))
def test_any_subset_in_and_any_subset_out(given: tuple[str, ...], wanted: tuple[str, ...]) -> None:
    torch.manual_seed(0)
    model = ForwardModel(len(vocabulary()), 32, 1)
    senses, action = state()
    made = model(senses.only(given), action, wanted)
    shapes = {"picture": (2, 8, 24, 24), "sound": (2, 48, 32), "words": (2, WORDS, len(vocabulary()))}
    for name in MODALITIES:
        value = getattr(made, name)
        assert (value is not None) == (name in wanted)
        assert value is None or (value.shape == shapes[name] and torch.isfinite(value).all())


def test_before_it_has_learnt_anything_the_picture_stays_as_it_is() -> None:
    senses, action = state()
    made = ForwardModel(len(vocabulary()), 32, 1)(senses, action, ("picture",))
    assert senses.picture is not None
    assert torch.equal(made.picture, senses.picture)


def test_words_are_said_one_after_the_other_and_see_none_to_come() -> None:
    torch.manual_seed(0)
    model, (senses, action) = ForwardModel(len(vocabulary()), 32, 1).eval(), state()
    said = model.predict(senses, action, ("words",)).words
    assert said.shape == (2, WORDS)
    logits = model(senses, action, ("words",), said).words
    first = int((said[0] > 2).sum())
    assert torch.equal(logits[0, :first].argmax(-1), said[0, :first])


def test_what_comes_to_mind_changes_what_is_foreseen_once_something_is_learnt() -> None:
    torch.manual_seed(0)
    model, (senses, action) = ForwardModel(len(vocabulary()), 32, 1).eval(), state()
    torch.nn.init.normal_(model.heads["picture"].weight)
    assert senses.picture is not None
    earlier = Triple(senses.picture.flip(0), action.flip(0), senses.picture)
    seen = [model.predict(senses, action, ("picture",), recalled).picture for recalled in (None, earlier)]
    assert not torch.allclose(*seen)


def test_what_is_given_does_not_see_what_is_wanted() -> None:
    torch.manual_seed(0)
    model, (senses, action) = ForwardModel(len(vocabulary()), 32, 1).eval(), state()
    torch.nn.init.normal_(model.heads["picture"].weight)
    alone = model(senses, action, ("picture",)).picture
    beside = model(senses, action, ("picture", "words"), action).picture
    assert torch.allclose(alone, beside, atol=1e-5)


def test_what_comes_to_mind_is_never_what_is_asked_nor_a_copy_of_it() -> None:
    torch.manual_seed(0)
    embeddings = torch.nn.functional.normalize(torch.randn(6, 8), dim=-1)
    embeddings[3] = embeddings[0]
    actions = torch.arange(6)[:, None].expand(6, 4).clone()
    actions[3] = actions[0]
    found = others_alike(embeddings, actions)
    assert (found != torch.arange(6)).all()
    assert found[0] != 3
    assert found[3] != 0
    same = others_alike(embeddings[:1].expand(3, -1), actions[:1].expand(3, -1))
    assert (same != torch.arange(3)).all()


def test_lessons_remind_of_the_way_to_the_state(trainer: ForwardTrainer) -> None:
    lesson = Lesson.of(trainer.rows(futures(range(3))))
    assert [lesson.recalled(trainer.model, way) is None for way in range(REMINDERS)] == [True, True, False, False]
    last = lesson.recalled(trainer.model, 2)
    assert last is not None
    assert lesson.before.picture is not None
    assert torch.equal(last.after, lesson.before.picture)
    assert not torch.equal(last.before, last.after)


def test_stages_widen_and_end_in_all_mixes() -> None:
    counts = [len(mixes(fraction, True)) for fraction in (0.0, 0.3, 0.6, 0.9)]
    assert counts == [3, 9, 36, 49]
    assert len(mixes(0.0, False)) == 49
    assert set(MIXES) <= set(mixes(1.0, True))


def test_what_changes_counts_more_and_stillness_evenly() -> None:
    source = torch.zeros(1, 4, 3)
    target = source.clone()
    target[0, 2] = 1
    weights = change_weights(source, target)[0]
    assert weights.argmax() == 2
    assert weights.mean() == pytest.approx(1)
    assert torch.equal(change_weights(source, source), torch.ones(1, 4))


def test_the_right_future_costs_nothing_but_its_words() -> None:
    senses, _ = state()
    assert float(future_loss(senses.only(("picture", "sound")), senses, senses, True)) == 0
    assert senses.picture is not None
    other = Senses(senses.picture + 1, senses.sound)
    assert float(future_loss(other, senses, senses, False)) == pytest.approx(1)


def test_a_lesson_follows_from_its_number_and_its_state_was_come_to() -> None:
    one, again = Futures(3)[2], Futures(3, first=1)[1]
    assert (one.sounds == again.sounds).all()
    assert (one.following == again.following).all()
    first, second = future(7)
    assert isinstance(second, Happening)
    assert first == sample_step(7)
    assert first.after == second.before


def test_every_word_is_known_and_every_text_has_its_end() -> None:
    chunk = futures(range(60))
    for ids in (chunk.state, chunk.action, chunk.following, chunk.plain):
        assert not (ids == 1).any()
        assert ((ids == 2).sum(1) == 1).all()
    assert (ids_of(["the ball " * 60])[0] != 0).all()


def test_copies_are_alike_and_two_silences_too() -> None:
    senses = Senses(sound=torch.zeros(2, 48, 32), words=torch.from_numpy(ids_of(["a red ball", "a car"])))
    seen = vectors(senses, len(vocabulary()))
    assert torch.nn.functional.cosine_similarity(seen["sound"][:1], seen["sound"][1:]) == pytest.approx(1)
    assert seen["words"].sum(1).tolist() == [3, 2]


def test_it_learns_resumes_and_is_measured(trainer: ForwardTrainer, tmp_path: Path) -> None:
    checkpoint, budget = tmp_path / "checkpoint.pt", Budget(steps=2)
    before = [p.detach().clone() for p in trainer.learner.parameters]
    trainer.run(budget, checkpoint)
    assert any(not torch.equal(a, b) for a, b in zip(before, trainer.learner.parameters, strict=True))
    again, longer = ForwardTrainer(TINY, trainer.vae, CPU, 0), Budget(steps=3)
    again.learner.resume(checkpoint, longer)
    assert longer.step == 2
    again.run(longer, checkpoint)
    scores = again.finish(longer, tmp_path / "out")
    assert {"copy_picture", "copy_sound", "copy_words", "picture>words"} <= set(scores)
    assert all(-1.001 <= score <= 1.001 for score in scores.values())
    assert json.loads((tmp_path / "out" / "training.json").read_text())["steps"] == 3

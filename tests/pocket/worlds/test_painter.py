"""The generator learns to read thoughts: it begins as it was, draws a future for each noise, learns one by heart."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import torch

from engine.pocket.worlds import painter as painting
from engine.pocket.worlds.forward import WORDS, ForwardModel, Senses
from engine.train import toys
from engine.train.budget import Budget
from engine.train.forward import ForwardTrainer
from engine.train.futures import futures, vocabulary
from engine.train.reminders import Lesson
from tests.tiny_worlds import tiny_autoencoder, tiny_generator

TINY = replace(toys.FORWARD, batch=2, layers=1, width=32, measured=2, painting_rate=1e-2)


def painted(thought: torch.Tensor, source: torch.Tensor | None, seed: int) -> torch.Tensor:
    torch.manual_seed(0)
    painter = painting.reading_thoughts(tiny_generator(), 32)
    torch.nn.init.normal_(painter.proj_out.weight, std=0.1)
    return painting.paint(painter, thought, source, torch.Generator().manual_seed(seed))


def test_a_thought_is_the_words_and_the_picture_to_come_and_nothing_after_the_words() -> None:
    torch.manual_seed(0)
    chunk = futures(range(2))
    model, action = ForwardModel(len(vocabulary()), 32, 1), torch.from_numpy(chunk.action)
    state = Senses(torch.randn(2, 8, 24, 24), words=torch.from_numpy(chunk.state))
    thought = model(state, action, ("picture", "sound")).thought
    assert thought.shape == (2, WORDS + 36, 32)
    assert not thought[:, :WORDS][action == 0].any()
    assert thought[:, :WORDS][action != 0].any()
    assert model(state, action, ("sound",)).thought is None


def test_only_what_reads_words_is_new() -> None:
    plain = tiny_generator()
    before = {name: value.clone() for name, value in plain.state_dict().items()}
    after = painting.reading_thoughts(plain, 32).state_dict()
    changed = {name for name in after if after[name].shape != before[name].shape or (after[name] != before[name]).any()}
    assert {name.rsplit(".", 1)[0] for name in changed} == {"condition_embedder.text_embedder.linear_1"}
    assert plain.config.text_dim == 32


def test_it_draws_from_the_state_the_thought_and_the_noise() -> None:
    torch.manual_seed(1)
    thought, source = torch.randn(1, WORDS + 36, 32), torch.randn(1, 8, 24, 24)
    one = painted(thought, source, 0)
    assert one.shape == (1, 8, 24, 24)
    assert torch.equal(one, painted(thought, source, 0))
    for other in (painted(thought, source, 1), painted(thought, source + 1, 0), painted(thought, None, 0)):
        assert not torch.allclose(one, other)


def test_a_lesson_is_learnt_by_heart_and_kept(tmp_path: Path) -> None:
    trainer = ForwardTrainer(TINY, tiny_autoencoder(), torch.device("cpu"), 0)
    trainer.teach_to_paint(tiny_generator())
    lesson, budget = Lesson.of(trainer.rows(futures(range(2)))), Budget(steps=30)
    losses = []
    while budget.fraction < 1:
        losses.append(float(trainer.learner.step(trainer.loss(lesson, (("picture",), ("picture",)), 0), budget, 1.0)))
    assert sum(losses[-10:]) < 0.75 * sum(losses[:10])
    trainer.save(tmp_path)
    again = ForwardTrainer(TINY, trainer.vae, torch.device("cpu"), 0)
    again.start_from(tmp_path)
    assert painting.load(tmp_path / painting.FOLDER).config.text_dim == 32
    assert again.learner.average[0].shape == trainer.learner.average[0].shape

"""A forward model with a language model in its middle: it learns by LoRA, goes on, and is loaded as it was saved."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import LlamaConfig, LlamaModel, Qwen2Config, Qwen2Model, T5Config, T5EncoderModel

from engine.errors import ModelError
from engine.pocket.worlds import large
from engine.pocket.worlds.forward import MODALITIES, ForwardModel, Senses
from engine.train import toys
from engine.train.budget import Budget
from engine.train.enlarging import LargeForwardTrainer, language_model
from engine.train.futures import futures
from engine.train.reminders import Lesson
from tests.tiny_worlds import tiny_autoencoder

CPU = torch.device("cpu")
TINY = replace(toys.FORWARD, batch=2, layers=0, width=32, measured=2, capacity=2, filled=2)
SMALL = {
    "vocab_size": 16, "hidden_size": 48, "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4,
    "num_key_value_heads": 2,
}  # fmt: skip


# peft asks transformers by a name that will go
pytestmark = pytest.mark.filterwarnings("ignore:.is_gradient_checkpointing. is deprecated:FutureWarning")


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("llama")
    LlamaModel(LlamaConfig(**SMALL)).save_pretrained(folder)
    return folder


def trainer_of(base: Path) -> LargeForwardTrainer:
    trainer = LargeForwardTrainer(TINY, tiny_autoencoder(), CPU, 0)
    trainer.enlarge(language_model(str(base), Path(), CPU), 2)
    return trainer


@pytest.fixture(scope="module")
def fresh(base: Path) -> LargeForwardTrainer:
    return trainer_of(base)


def test_it_learns_goes_on_and_is_loaded_as_it_was_saved(base: Path, tmp_path: Path) -> None:
    trainer, budget, checkpoint = trainer_of(base), Budget(steps=1), tmp_path / "checkpoint.pt"
    frozen = {name: weight.clone() for name, weight in trainer.model.named_parameters() if not weight.requires_grad}
    assert frozen
    assert all(name.startswith("middle.base.") for name in frozen)
    trainer.run(budget, checkpoint)
    assert checkpoint.stat().st_size < 12 * sum(weight.numel() * 4 for weight in trainer.learner.parameters)
    again, longer = trainer_of(base), Budget(steps=2)
    again.learner.resume(checkpoint, longer)
    assert longer.step == 1
    for mine, theirs in zip(again.learner.parameters, trainer.learner.parameters, strict=True):
        assert torch.equal(mine, theirs)
    again.run(longer, checkpoint)
    for name, weight in again.model.named_parameters():
        assert name not in frozen or torch.equal(weight, frozen[name])
    scores = again.finish(longer, tmp_path / "out")
    assert {"copy_picture", "picture>words"} <= set(scores)
    assert json.loads((tmp_path / "out" / "training.json").read_text())["steps"] == 2
    loaded = large.load(tmp_path / "out", language_model(str(base), Path(), CPU))
    lesson = Lesson.of(again.rows(futures(range(2))))
    with torch.no_grad():
        one, other = (
            model(lesson.before, lesson.action, MODALITIES, lesson.after.words) for model in (again.model, loaded)
        )
    for name in MODALITIES:
        assert torch.equal(getattr(one, name), getattr(other, name))


def test_lora_and_what_is_whole_have_rates_of_their_own_and_all_of_it_learns(fresh: LargeForwardTrainer) -> None:
    trainer = fresh
    lesson = Lesson.of(trainer.rows(futures(range(2))))
    with torch.no_grad():
        for head in trainer.model.heads.values():
            torch.nn.init.normal_(head.weight)
    trainer.loss(lesson, (MODALITIES, MODALITIES), 2).backward()  # type: ignore[no-untyped-call]
    whole, lora = trainer.taught()
    assert whole[1] == TINY.learning_rate > lora[1]
    assert all(weight.dtype == torch.float32 for weight in lora[0])
    named = {id(weight): name for name, weight in trainer.model.named_parameters()}
    still = [named[id(weight)] for weight in (*whole[0], *lora[0]) if weight.grad is None]
    assert still == []


@pytest.mark.parametrize(("model", "config"), [(LlamaModel, LlamaConfig), (Qwen2Model, Qwen2Config)])
def test_what_is_given_does_not_see_what_is_wanted(model: Any, config: Any) -> None:
    torch.manual_seed(0)
    enlarged = large.enlarged(ForwardModel(30, 32, 0), model(config(**SMALL)))
    torch.nn.init.normal_(enlarged.heads["picture"].get_parameter("weight"))
    action = torch.randint(3, 20, (2, 32))
    state = Senses(torch.randn(2, 8, 24, 24))
    with torch.no_grad():
        alone, beside = (
            enlarged(state, action, wanted, action).picture for wanted in (("picture",), ("picture", "words"))
        )
        assert torch.allclose(alone, beside, atol=1e-4)
        other = enlarged(state, action.flip(1), ("picture",)).picture
    assert not torch.allclose(alone, other, atol=1e-4)


def test_a_folder_that_lacks_a_weight_and_a_base_of_another_kind_are_named(
    fresh: LargeForwardTrainer, base: Path, tmp_path: Path
) -> None:
    fresh.save(tmp_path / "out")
    kept = load_file(tmp_path / "out" / "forward.safetensors")
    kept.pop("middle.into.weight")
    save_file(kept, tmp_path / "out" / "forward.safetensors")
    with pytest.raises(ValueError, match=r"middle\.into\.weight"):
        large.load(tmp_path / "out", language_model(str(base), Path(), CPU))
    other = tmp_path / "t5"
    T5EncoderModel(T5Config(vocab_size=8, d_model=8, d_kv=4, d_ff=8, num_layers=1, num_heads=2)).save_pretrained(other)
    with pytest.raises(ModelError, match="no language model"):
        language_model(str(other), Path(), CPU)

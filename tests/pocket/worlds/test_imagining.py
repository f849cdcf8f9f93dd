"""Both models at work: another seed, another future; what comes to mind is another transition, never this one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from engine.models.profiles import FORWARD, INVERSE, POCKET
from engine.pocket.worlds import painter as painting
from engine.pocket.worlds.actions import Action
from engine.pocket.worlds.imagining import Episode, Imagination, Scene
from engine.pocket.worlds.tokens import ids_of, text_of
from engine.train.futures import vocabulary
from tests.tiny_worlds import tiny_generator, tiny_worlds

UP = Action("up", "ball")
SAID = "the ball moves up"


def scene(seed: int, words: str = "a red ball in a meadow") -> Scene:
    return Scene(np.random.default_rng(seed).integers(0, 256, (192, 192, 3), np.uint8), words)


@pytest.fixture(scope="module")
def imagination(tmp_path_factory: pytest.TempPathFactory) -> Imagination:
    root = tmp_path_factory.mktemp("worlds")
    tiny_worlds(root)
    folders = (root / FORWARD.repository, root / POCKET.repository / "vae", root / INVERSE.repository)
    return Imagination.from_pretrained(*map(Path, folders)).to(torch.device("cpu"))


def test_a_seed_gives_one_future_and_another_seed_another(imagination: Imagination) -> None:
    one, again, other = (imagination.foresee(scene(0), SAID, UP, seed) for seed in (1, 1, 2))
    assert np.array_equal(one.scene.picture, again.scene.picture)
    assert not np.array_equal(one.scene.picture, other.scene.picture)
    assert one.scene.picture.shape == (192, 192, 3)
    assert one.scene.sound is not None
    assert one.scene.sound.shape == (48, 32)
    assert 0 <= one.likelihood <= one.told.confidence <= 1
    assert one.recalled is None


def test_a_painter_draws_the_picture_and_is_kept_beside_the_weights(imagination: Imagination, tmp_path: Path) -> None:
    torch.manual_seed(3)
    painter = painting.reading_thoughts(tiny_generator(), imagination.forward.config.width)
    torch.nn.init.normal_(painter.proj_out.weight)
    painter.save_pretrained(tmp_path / "forward" / painting.FOLDER)
    imagination.forward.save_pretrained(tmp_path / "forward")
    vocabulary().save_pretrained(tmp_path / "forward")
    imagination.vae.save_pretrained(tmp_path / "vae")
    imagination.reader.model.save_pretrained(tmp_path / "inverse")
    painting_too = Imagination.from_pretrained(*(tmp_path / name for name in ("forward", "vae", "inverse")))
    plain, one, again, other = (
        each.foresee(scene(0), SAID, UP, seed).scene.picture
        for each, seed in ((imagination, 1), (painting_too, 1), (painting_too, 1), (painting_too, 2))
    )
    assert np.array_equal(one, again)
    assert not np.array_equal(one, plain)
    assert not np.array_equal(one, other)


def test_a_state_without_words_or_sound_will_do(imagination: Imagination) -> None:
    assert imagination.foresee(scene(0, ""), SAID, UP, 0).scene.picture.any()


def test_what_comes_to_mind_is_alike_and_never_the_question_itself(imagination: Imagination) -> None:
    here, there = scene(0), scene(1)
    same = Episode(here, SAID, there)
    alike = Episode(there, SAID, here)
    unlike = Episode(scene(2, "a blue boat at sea"), "the scene changes to space", there)
    assert imagination.foresee(here, SAID, UP, 0, [same]).recalled is None
    assert imagination.foresee(here, SAID, UP, 0, [same, unlike, alike]).recalled == 2
    assert imagination.foresee(here, SAID, UP, 0, [unlike, same]).recalled == 0


def test_what_comes_to_mind_changes_what_is_foreseen(imagination: Imagination) -> None:
    earlier = [Episode(scene(1), SAID, scene(2))]
    with_it, without = (imagination.foresee(scene(0), SAID, UP, 0, some) for some in (earlier, []))
    assert not np.array_equal(with_it.scene.picture, without.scene.picture)


def test_words_become_ids_and_words_again() -> None:
    reader = vocabulary().backend_tokenizer
    said = "a red ball on the left, and a car."
    assert text_of(reader, ids_of(reader, [said])[0].tolist()) == said
    assert text_of(reader, []) == ""

"""Extractors that ship: classical ones against what can be worked out, the pocket world's own on tiny models."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image, ImageFilter

from engine.evaluate.extractors.classical import Colourfulness, FarnebackFlow, FlowInterpolator, Sharpness
from engine.evaluate.extractors.pocket import JudgeFeatures, PocketFeatures, PocketSentences
from engine.evaluate.judge import JudgeModel
from engine.evaluate.metrics.features import Frames, cosine
from tests.evaluate.metrics.fakes import grey
from tests.models.twins.parts import picture_autoencoder, t5, tokenizer


def clouds(edge: int = 64, shift: int = 0) -> Frames:
    """A soft pattern, moved to the right."""
    rows, columns = np.mgrid[0:edge, 0:edge]
    waves = np.sin((columns - shift) / 5.0) + np.cos(rows / 7.0) + np.sin((columns - shift + rows) / 9.0)
    return np.repeat(((waves + 3) * 42).astype(np.uint8)[..., None], 3, axis=2)


def test_flow_tells_how_far_things_moved() -> None:
    flow = FarnebackFlow().flow(clouds(), clouds(shift=3))
    assert flow.shape == (64, 64, 2)
    inside = flow[12:-12, 12:-12].mean((0, 1))
    np.testing.assert_allclose(inside, (3, 0), atol=0.3)
    still = FarnebackFlow().flow(clouds(), clouds())
    assert np.abs(still[12:-12, 12:-12]).max() < 1e-3


def test_the_frame_between_lies_between() -> None:
    made = FlowInterpolator().between(clouds(), clouds(shift=4)).astype(int)
    inside = np.s_[12:-12, 12:-12]
    error = np.abs(made - clouds(shift=2))[inside].mean()
    assert error < 2
    assert error < np.abs((clouds().astype(int) + clouds(shift=4)) // 2 - clouds(shift=2))[inside].mean() / 2


def test_sharpness_falls_with_blur() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (48, 48, 3), np.uint8)
    soft = np.asarray(Image.fromarray(noise).filter(ImageFilter.GaussianBlur(3)))
    marks = Sharpness().rate(np.stack([noise, soft]))
    assert 100 >= marks[0] > marks[1] + 10 > 10
    assert Sharpness().rate(grey(9, edge=16))[0] == 0


def test_colourfulness_of_one_colour_is_its_mean() -> None:
    """Pure red: rg = 255, yb = 127.5, no spread: 0.3 * hypot(255, 127.5) / 10.9 = 7.84677."""
    red = np.zeros((1, 4, 4, 3), np.uint8)
    red[..., 0] = 255
    assert Colourfulness().rate(red)[0] == pytest.approx(7.84677, abs=1e-4)
    assert Colourfulness().rate(grey(77))[0] == 0


@pytest.fixture(scope="module")
def judge() -> JudgeFeatures:
    torch.manual_seed(0)
    return JudgeFeatures(JudgeModel(width=16, layers=1))


def test_the_judges_features_tell_pictures_and_clips_apart(judge: JudgeFeatures) -> None:
    seen = judge.images(np.stack([clouds(), clouds(), clouds(shift=20)]))
    assert cosine(seen[0], seen[1]) == pytest.approx(1)
    assert cosine(seen[0], seen[2]) < 0.9999
    assert judge.video(grey(1, 2, 3, edge=32)).shape == seen[:1].shape
    assert judge.describe(clouds()[None])


def test_latents_and_words_are_vectors() -> None:
    latents = PocketFeatures(picture_autoencoder()).images(grey(0, 200, edge=20))
    assert latents.shape == (2, 4 * 12 * 12)
    words = tokenizer()
    read = PocketSentences(words, t5(words)).texts(["a red ball", "a red ball in a meadow", "a red ball"])
    assert read.shape == (3, 16)
    np.testing.assert_allclose(read[0], read[2], rtol=1e-5)

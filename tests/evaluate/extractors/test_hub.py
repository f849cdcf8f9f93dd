"""Extractors from the hub on tiny twins: the library's own answers, safetensors only, and who plays which part."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from engine.errors import WeightsRefusedError
from engine.evaluate.extractors import hub, table
from engine.evaluate.extractors.table import Source, equip
from engine.evaluate.metrics.features import Footage, Frames
from engine.evaluate.metrics.table import measure
from tests.evaluate.extractors import twins
from tests.evaluate.extractors.test_offline import clouds

FRAMES: Frames = np.stack([clouds(), clouds(shift=9), clouds(shift=20)])


def pixels(frames: Frames = FRAMES) -> torch.Tensor:
    """By hand: to 16x16, 0..1, CLIP's mean and spread."""
    from PIL import Image

    small = [np.asarray(Image.fromarray(one).resize((16, 16), Image.Resampling.BICUBIC)) for one in frames]
    mean, spread = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)
    return torch.from_numpy((np.stack(small) / 255.0 - mean) / spread).permute(0, 3, 1, 2).float()


@torch.inference_mode()
def test_clip_gives_the_librarys_features_of_pictures_and_words(tmp_path: Path) -> None:
    model = twins.save(tmp_path, twins.clip)
    extractor = hub.Clip(tmp_path, "CLIP")
    expected = model.get_image_features(pixel_values=pixels())
    np.testing.assert_allclose(extractor.images(FRAMES), hub._pooled(expected), atol=1e-5)
    read = extractor.texts(["a red ball", "a blue car in a meadow"])
    assert read.shape == (2, 8)
    np.testing.assert_allclose(read[:1], extractor.texts(["a red ball"]), atol=1e-5)


@torch.inference_mode()
def test_dino_gives_the_class_token(tmp_path: Path) -> None:
    model = twins.save(tmp_path, twins.dino)
    expected = model(pixel_values=pixels()).last_hidden_state[:, 0]
    np.testing.assert_allclose(hub.Dino(tmp_path, "DINO").images(FRAMES), expected, atol=1e-5)


@torch.inference_mode()
def test_the_aesthetic_head_is_linear_on_normalised_features(tmp_path: Path) -> None:
    model = twins.save(tmp_path, twins.head)
    weight, bias = twins.add_head(tmp_path)
    seen = model(pixel_values=pixels()).image_embeds
    expected = torch.nn.functional.normalize(seen) @ weight.T + bias
    np.testing.assert_allclose(hub.AestheticHead(tmp_path, "head").rate(FRAMES), expected[:, 0], atol=1e-5)


def test_clips_and_words_meet_in_one_space(tmp_path: Path) -> None:
    twins.save(tmp_path, twins.xclip)
    extractor = hub.XClip(tmp_path, "X-CLIP")
    assert extractor.video(FRAMES).shape == extractor.texts(["a ball"]).shape
    assert not np.allclose(extractor.video(FRAMES), extractor.video(FRAMES[::-1].copy()))


def test_sentences_and_captions(tmp_path: Path) -> None:
    twins.save(tmp_path / "bert", twins.bert)
    read = hub.Sentences(tmp_path / "bert", "BERT").texts(["a ball", "a ball in a meadow"])
    assert read.shape == (2, 16)
    twins.save(tmp_path / "blip", twins.blip)
    captioner = hub.Blip(tmp_path / "blip", "BLIP")
    assert captioner.describe(FRAMES) == captioner.describe(FRAMES)


@pytest.mark.parametrize("name", ["extra.bin", "modeling.py"])
def test_a_folder_of_ones_own_with_code_or_pickles_is_refused(name: str, tmp_path: Path) -> None:
    twins.save(tmp_path, twins.dino)
    (tmp_path / name).write_bytes(b"x")
    with pytest.raises(WeightsRefusedError, match=name):
        table._load(Source("DINO", str(tmp_path), "Dino", ("subject",)), tmp_path)


def test_another_kind_of_model_is_refused(tmp_path: Path) -> None:
    twins.save(tmp_path, twins.dino)
    with pytest.raises(WeightsRefusedError, match="another kind"):
        hub.Clip(tmp_path, "CLIP")


def test_models_that_are_here_play_their_parts_and_name_the_metrics(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine.evaluate.extractors import pocket
    from tests.evaluate.metrics.fakes import Known

    def shipped(_: Path) -> tuple[Any, ...]:
        return *(Known(name=name) for name in ("latents", "judge", "words")), "revision"

    monkeypatch.setattr(pocket, "load", shipped)
    twins.save(tmp_path / "clip", twins.clip)
    sources = (
        Source("CLIP ViT-B/32", str(tmp_path / "clip"), "Clip", ("background", "style")),
        Source("DINO ViT-B/16", "nobody/nothing", "Dino", ("subject",)),
    )
    equipped = equip(True, tmp_path, sources)
    assert equipped.kit.names()["background"] == "CLIP ViT-B/32"
    assert equipped.kit.names()["subject"] == "judge"
    assert equipped.weights["CLIP ViT-B/32"].startswith("folder-")
    row, _ = measure(Footage(FRAMES, 8.0, style="ball"), equipped.kit, ("background consistency", "appearance style"))
    assert set(row) == {"background consistency", "appearance style"}
    assert equip(False, tmp_path, sources).kit.style is None

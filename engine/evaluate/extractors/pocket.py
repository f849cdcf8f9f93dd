"""The pocket world's own encoders as extractors: they ship, so a metric can be taken anywhere.

They were trained on the pocket world alone. What they say of other videos is no figure that anybody published, and the
names of the metrics say so: "subject consistency, pocket judge's features".
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from engine.evaluate.judge import FRAMES, Judge, JudgeModel, to_view
from engine.evaluate.metrics.features import Frames, Vectors
from engine.models.manifest import verify

_EDGE = 96
"""Pixels a side that the autoencoder looks at."""
_CELLS = 4
"""The judge's features are kept in so many places a side."""
_AT_ONCE = 16


class PocketFeatures:
    """Latents of the pocket world's autoencoder: what the picture looks like, place by place."""

    name = "pocket features"

    def __init__(self, autoencoder: Any) -> None:
        """autoencoder: diffusers' AutoencoderKL."""
        self._autoencoder = autoencoder.eval()

    @torch.inference_mode()
    def images(self, frames: Frames) -> Vectors:
        """One vector a frame, (frames, features)."""
        found = []
        for part in _tensor(frames).split(_AT_ONCE):
            small = F.interpolate(part, size=(_EDGE, _EDGE), mode="area")
            found.append(self._autoencoder.encode(small * 2 - 1).latent_dist.mean.flatten(1))
        return np.asarray(torch.cat(found))


class JudgeFeatures:
    """What the pocket world's judge makes of pictures and clips before it answers; and its answers in words."""

    name = "pocket judge's features"

    def __init__(self, model: JudgeModel) -> None:
        self._model = model.eval()
        self._judge = Judge(model)

    @torch.inference_mode()
    def images(self, frames: Frames) -> Vectors:
        """One vector a frame, (frames, features)."""
        seen = [self._features(part[:, None]) for part in _tensor(frames).split(_AT_ONCE)]
        return np.asarray(torch.cat(seen))

    @torch.inference_mode()
    def video(self, frames: Frames) -> Vectors:
        """One vector for 17 frames, evenly spread over the clip, (1, features)."""
        return np.asarray(self._features(_tensor(_spread(frames))[None]))

    def describe(self, frames: Frames) -> str:
        """What the judge sees, in words that the pocket world knows."""
        seen = self._judge.look(_spread(frames)[None])[0]
        moves = len(frames) > 1
        things = [f"a {thing.colour} {thing.noun}" + (f" moving {thing.motion}" * moves) for thing in seen.things]
        return f"{' and '.join(things) or 'nothing'} in the {seen.scene}"

    def _features(self, clips: torch.Tensor) -> torch.Tensor:
        """(clips, frames, 3, height, width) in 0..1 -> (clips, features)."""
        seen = self._model.stages(to_view(clips).transpose(1, 2) * 2 - 1)
        return F.adaptive_avg_pool3d(seen, (1, _CELLS, _CELLS)).flatten(1)


class PocketSentences:
    """The pocket world's text encoder: the mean of its tokens."""

    name = "pocket text encoder"

    def __init__(self, tokenizer: Any, encoder: Any) -> None:
        self._tokenizer = tokenizer
        self._encoder = encoder.eval()

    @torch.inference_mode()
    def texts(self, texts: Sequence[str]) -> Vectors:
        """One vector a text, (texts, features)."""
        words = self._tokenizer(list(texts), padding=True, truncation=True, max_length=80, return_tensors="pt")
        mask = words.attention_mask[..., None]
        hidden = self._encoder(input_ids=words.input_ids, attention_mask=words.attention_mask).last_hidden_state
        return np.asarray((hidden * mask).sum(1) / mask.sum(1).clamp(min=1))


def load(assets: Path) -> tuple[PocketFeatures, JudgeFeatures, PocketSentences, str]:
    """From the shipped folders, each file checked against its hash; and which weights they are.

    Raises WeightsMissingError, WeightsAlteredError.
    """
    from diffusers import AutoencoderKL
    from transformers import PreTrainedTokenizerFast, T5EncoderModel

    pocket, judge = assets / "pocket", assets / "judge"
    revisions = [verify(pocket), verify(judge)]
    options: dict[str, Any] = {"local_files_only": True, "use_safetensors": True}
    autoencoder = AutoencoderKL.from_pretrained(pocket / "vae", **options)
    model = JudgeModel.from_pretrained(judge, dtype=torch.float32, **options)
    tokenizer = PreTrainedTokenizerFast.from_pretrained(pocket / "tokenizer", local_files_only=True)
    encoder = T5EncoderModel.from_pretrained(pocket / "text_encoder", dtype=torch.float32, **options)
    revision = " and ".join(revision[:12] for revision in revisions)
    return PocketFeatures(autoencoder.float()), JudgeFeatures(model), PocketSentences(tokenizer, encoder), revision


def _tensor(frames: Frames) -> torch.Tensor:
    """(frames, 3, height, width) in 0..1."""
    return torch.from_numpy(np.ascontiguousarray(frames)).permute(0, 3, 1, 2).float() / 255


def _spread(frames: Frames) -> Frames:
    """As many frames as the judge looks at."""
    chosen: Frames = frames[np.linspace(0, len(frames) - 1, FRAMES).round().astype(int)]
    return chosen

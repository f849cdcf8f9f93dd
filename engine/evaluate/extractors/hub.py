"""Extractors from the hub, as transformers computes them: safetensors only, nothing downloaded, no code but its own.

Float32 on a CPU, as the published figures are. Preprocessing is the repository's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from engine.evaluate.metrics.features import Frames, Vectors
from engine.models import trust

_AT_ONCE = 16
_OPTIONS: dict[str, Any] = {"local_files_only": True, "use_safetensors": True, "dtype": torch.float32}
_WORDS = 77
"""Most tokens that CLIP and X-CLIP read."""


class Pictures:
    """Frames as a model's repository says that it wants them."""

    def __init__(self, folder: Path) -> None:
        from transformers import AutoImageProcessor

        self._processor = AutoImageProcessor.from_pretrained(folder, local_files_only=True, use_fast=False)

    def __call__(self, frames: Frames) -> Any:
        """(frames, 3, height, width), normalised."""
        return self._processor(list(frames), return_tensors="pt").pixel_values


class Dino:
    """A vision transformer's class token: DINO (Caron et al., 2021)."""

    def __init__(self, folder: Path, name: str) -> None:
        from transformers import ViTModel

        trust.check_model(folder, "vit")
        self.name = name
        self._pictures = Pictures(folder)
        self._model = ViTModel.from_pretrained(folder, add_pooling_layer=False, **_OPTIONS).eval()

    @torch.inference_mode()
    def images(self, frames: Frames) -> Vectors:
        """One vector a frame."""
        parts = self._pictures(frames).split(_AT_ONCE)
        return np.asarray(torch.cat([self._model(pixel_values=part).last_hidden_state[:, 0] for part in parts]))


class Clip:
    """CLIP (Radford et al., 2021): pictures and words in one space."""

    def __init__(self, folder: Path, name: str) -> None:
        from transformers import AutoTokenizer, CLIPModel

        trust.check_model(folder, "clip")
        self.name = name
        self._pictures = Pictures(folder)
        self._tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        self._model = CLIPModel.from_pretrained(folder, **_OPTIONS).eval()

    @torch.inference_mode()
    def images(self, frames: Frames) -> Vectors:
        """One vector a frame."""
        parts = self._pictures(frames).split(_AT_ONCE)
        seen = [self._model.vision_model(pixel_values=part).pooler_output for part in parts]
        return np.asarray(self._model.visual_projection(torch.cat(seen)))

    @torch.inference_mode()
    def texts(self, texts: Sequence[str]) -> Vectors:
        """One vector a text; what is longer than 77 tokens is cut."""
        words = self._tokenizer(list(texts), padding=True, truncation=True, max_length=_WORDS, return_tensors="pt")
        read = self._model.text_model(input_ids=words.input_ids, attention_mask=words.attention_mask)
        return np.asarray(self._model.text_projection(read.pooler_output))


class AestheticHead:
    """LAION's linear head on CLIP's normalised picture features: marks 0..10.

    The folder holds a CLIP vision model with projection, and `predictor.weight` and `predictor.bias` among its tensors.
    """

    def __init__(self, folder: Path, name: str) -> None:
        from safetensors.torch import load_file
        from transformers import CLIPVisionModelWithProjection

        trust.check_model(folder, "clip_vision_model")
        self.name = name
        self._pictures = Pictures(folder)
        self._model = CLIPVisionModelWithProjection.from_pretrained(folder, **_OPTIONS).eval()
        tensors = load_file(folder / "model.safetensors")
        self._weight, self._bias = (tensors[f"predictor.{part}"].float() for part in ("weight", "bias"))

    @torch.inference_mode()
    def rate(self, frames: Frames) -> Vectors:
        """One mark a frame."""
        parts = self._pictures(frames).split(_AT_ONCE)
        seen = torch.cat([self._model(pixel_values=part).image_embeds for part in parts])
        seen = seen / seen.norm(dim=-1, keepdim=True)
        return np.asarray((seen @ self._weight.T + self._bias)[:, 0])


class XClip:
    """X-CLIP (Ni et al., 2022): clips and words in one space; where ViCLIP is asked for, its name says what it is."""

    def __init__(self, folder: Path, name: str) -> None:
        from transformers import AutoTokenizer, XCLIPModel

        trust.check_model(folder, "xclip")
        self.name = name
        self._pictures = Pictures(folder)
        self._tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        self._model = XCLIPModel.from_pretrained(folder, **_OPTIONS).eval()

    @torch.inference_mode()
    def video(self, frames: Frames) -> Vectors:
        """One vector of as many frames as the model takes, evenly spread."""
        count = self._model.config.vision_config.num_frames
        chosen = frames[np.linspace(0, len(frames) - 1, count).round().astype(int)]
        seen = self._model.get_video_features(pixel_values=self._pictures(chosen)[None])
        return np.asarray(_pooled(seen))

    @torch.inference_mode()
    def texts(self, texts: Sequence[str]) -> Vectors:
        """One vector a text; what is longer than 77 tokens is cut."""
        words = self._tokenizer(list(texts), padding=True, truncation=True, max_length=_WORDS, return_tensors="pt")
        read = self._model.get_text_features(input_ids=words.input_ids, attention_mask=words.attention_mask)
        return np.asarray(_pooled(read))


class Sentences:
    """BERT (Devlin et al., 2019): the mean of its tokens."""

    def __init__(self, folder: Path, name: str) -> None:
        from transformers import AutoTokenizer, BertModel

        trust.check_model(folder, "bert")
        self.name = name
        self._tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        self._model = BertModel.from_pretrained(folder, add_pooling_layer=False, **_OPTIONS).eval()

    @torch.inference_mode()
    def texts(self, texts: Sequence[str]) -> Vectors:
        """One vector a text."""
        longest = self._model.config.max_position_embeddings
        words = self._tokenizer(list(texts), padding=True, truncation=True, max_length=longest, return_tensors="pt")
        mask = words.attention_mask[..., None]
        read = self._model(input_ids=words.input_ids, attention_mask=words.attention_mask).last_hidden_state
        return np.asarray((read * mask).sum(1) / mask.sum(1))


class Blip:
    """BLIP (Li et al., 2022): a picture in words; of a clip, its first, middle and last frame."""

    def __init__(self, folder: Path, name: str) -> None:
        from transformers import AutoTokenizer, BlipForConditionalGeneration

        trust.check_model(folder, "blip")
        self.name = name
        self._pictures = Pictures(folder)
        self._tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        self._model = BlipForConditionalGeneration.from_pretrained(folder, **_OPTIONS).eval()

    @torch.inference_mode()
    def describe(self, frames: Frames) -> str:
        """What it says of up to three frames, one sentence each; greedy."""
        chosen = frames[sorted({0, len(frames) // 2, len(frames) - 1})]
        said = self._model.generate(pixel_values=self._pictures(chosen), max_new_tokens=30, do_sample=False)
        return ". ".join(dict.fromkeys(self._tokenizer.batch_decode(said, skip_special_tokens=True)))


def _pooled(output: Any) -> Any:
    """The features themselves: some releases of transformers wrap them."""
    return getattr(output, "pooler_output", output)

"""A vision-language model of this machine, asked what it sees: any that transformers knows and that takes videos.

Safetensors only, nothing downloaded, no code but the library's. It answers in words (engine.evaluate.videoverse.local),
or says how well words tell what happened between two pictures: by their likelihood, so that it need not say them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray

from engine.errors import ModelError
from engine.models.windows import look_together
from engine.types import ModelProfile

Pictures = NDArray[np.uint8]
"""(frames, height, width, 3)"""
QUESTION: Final = "The video shows a moment before something happened and one after it. What happened in between?"


class Witness:
    """A loaded model with its processor."""

    def __init__(self, processor: Any, model: Any) -> None:
        self.processor, self.model = processor, model

    def to(self, device: torch.device) -> Witness:
        """Move the weights to the device."""
        self.model.to(device)
        return self

    def asked(self, question: str) -> str:
        """What a turn with a video and this question looks like, up to where the answer begins."""
        turn = [{"role": "user", "content": [{"type": "video"}, {"type": "text", "text": question}]}]
        text: str = self.processor.apply_chat_template(turn, add_generation_prompt=True, tokenize=False)
        return text

    def given(self, frames: Pictures, fps: float, text: str) -> dict[str, torch.Tensor]:
        """What the model is given for a video and a text that names its place, on the host."""
        count, height, width = frames.shape[:3]
        told = {"fps": fps, "total_num_frames": count, "duration": count / fps, "height": height, "width": width}
        return dict(
            self.processor(
                text=[text], videos=[frames], video_metadata=[{**told, "frames_indices": list(range(count))}],
                do_sample_frames=False, return_tensors="pt",
            )
        )  # fmt: skip

    def length(self, text: str) -> int:
        """Tokens of a text, the places of a video counted as one each."""
        return len(self.processor.tokenizer(text, add_special_tokens=False)["input_ids"])

    @torch.inference_mode()
    def likelihoods(self, before: Pictures, after: Pictures, sayings: Sequence[str]) -> list[float]:
        """How likely each saying is to be what happened, of these alone: 0..1, together 1.

        before, after: uint8 (height, width, 3). Of each the mean log-probability of its tokens after `QUESTION`, then
        softmax over all, so that a long one is at no loss. Nothing calibrates it.
        """
        frames = np.stack([before, before, after, after])  # towers see two frames at a time
        prompt = self.asked(QUESTION)
        means = [self._mean(frames, prompt, saying) for saying in sayings]
        return [float(one) for one in torch.stack(means).double().softmax(0)]

    def _mean(self, frames: Pictures, prompt: str, saying: str) -> torch.Tensor:
        """The mean log-probability of a saying's tokens."""
        kept = max(1, self.length(prompt + saying) - self.length(prompt))
        given = {name: one.to(self.model.device) for name, one in self.given(frames, 1.0, prompt + saying).items()}
        logits: torch.Tensor = self.model(**given, logits_to_keep=kept + 1).logits[0, :-1].float()
        told = given["input_ids"][0, -kept:, None]
        return logits.log_softmax(-1).gather(1, told).mean()


def load(folder: Path, device: torch.device) -> Witness:
    """From a folder: bfloat16 on a GPU, float32 on a CPU. Raises ModelError for a model that takes no videos."""
    from transformers import AutoModelForImageTextToText, AutoProcessor

    processor = AutoProcessor.from_pretrained(folder, local_files_only=True)
    if getattr(processor, "video_processor", None) is None:
        raise ModelError("The model does not look at videos", "Name another one.", value=folder.name)
    dtype = torch.float32 if device.type == "cpu" else torch.bfloat16
    options: dict[str, Any] = {"local_files_only": True, "use_safetensors": True, "dtype": dtype}
    model = AutoModelForImageTextToText.from_pretrained(folder, **options).to(device).eval()
    look_together(model)
    return Witness(processor, model)


def row(repository: str) -> ModelProfile:
    """As the lease is asked for one, room made as for 7 B: `repository` was fetched, or is a folder below the root."""
    return ModelProfile(
        name=f"witness {repository}", title=Path(repository).name, repository=repository, revision=None,
        licence="its makers'", jobs=("witness",), memory_gib=18.0, defaults={}, sizes=((192, 192),), frame_counts=(),
        fps=None, driver="vision-language",
    )  # fmt: skip

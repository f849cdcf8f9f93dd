"""A vision-language model of this machine as a judge: any that transformers knows and that takes videos.

Safetensors only, nothing downloaded, no code but the library's. Greedy, at most 128 tokens, as VideoVerse's scripts.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from engine.errors import ModelError
from engine.evaluate.cases import Frames
from engine.evaluate.videoverse.windows import look_together
from engine.models import places, trust
from engine.models.manifest import revision_of

_TOKENS = 128


class Local:
    """Asks a model in this process; see engine.evaluate.videoverse.asking.Witness."""

    def __init__(self, repository: str, root: Path, device: str) -> None:
        """repository: one that was fetched, or a folder.

        Raises WeightsMissingError, WeightsRefusedError, ModelError for a model that takes no videos.
        """
        from transformers import AutoModelForImageTextToText, AutoProcessor

        place = places.locate(repository, None, root)
        if place.commit is None:
            trust.check_files(place.folder)
        self.name = f"{Path(repository).name} {revision_of(place)[:16]}"
        self.processor: Any = AutoProcessor.from_pretrained(place.folder, local_files_only=True)
        if getattr(self.processor, "video_processor", None) is None:
            raise ModelError("The model does not look at videos", "Name another one.", value=repository)
        dtype = torch.float32 if device == "cpu" else torch.bfloat16
        options: dict[str, Any] = {"local_files_only": True, "use_safetensors": True, "dtype": dtype}
        self.model: Any = AutoModelForImageTextToText.from_pretrained(place.folder, **options).to(device).eval()
        look_together(self.model)

    @torch.inference_mode()
    def answer(self, frames: Frames, fps: float, question: str) -> str:
        """What it says."""
        asked = [{"role": "user", "content": [{"type": "video"}, {"type": "text", "text": question}]}]
        text = self.processor.apply_chat_template(asked, add_generation_prompt=True, tokenize=False)
        count, height, width = frames.shape[:3]
        told = {"fps": fps, "total_num_frames": count, "duration": count / fps, "height": height, "width": width}
        given = self.processor(
            text=[text],
            videos=[frames],
            video_metadata=[{**told, "frames_indices": list(range(count))}],
            do_sample_frames=False,
            return_tensors="pt",
        ).to(self.model.device)
        made = self.model.generate(**given, max_new_tokens=_TOKENS, do_sample=False)
        words: str = self.processor.batch_decode(made[:, given.input_ids.shape[1] :], skip_special_tokens=True)[0]
        return words

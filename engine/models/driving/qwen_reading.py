"""How Qwen's language models are shown pictures, without the half of their processor that is for videos.

transformers' own processor wants torchvision, for videos, and is not to be had without it. Of pictures it does this: it
cuts them into patches and repeats the mark that stands for a picture once for every token that the picture becomes.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from PIL import Image

_MARK: Final = "<|image_pad|>"


class PictureReader:
    """Words and pictures -> what the model reads, called as transformers' Qwen2VLProcessor is."""

    def __init__(self, tokenizer: Any, pictures: Any) -> None:
        """pictures: transformers' image processor of the same family."""
        self._tokenizer = tokenizer
        self._pictures = pictures

    @classmethod
    def from_folder(cls, folder: Path) -> PictureReader:
        """From the files of a processor: nothing is downloaded."""
        from transformers import AutoTokenizer
        from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import Qwen2VLImageProcessorPil

        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        return cls(tokenizer, Qwen2VLImageProcessorPil.from_pretrained(folder, local_files_only=True))

    def __call__(self, text: Sequence[str], images: Sequence[Image.Image] | None = None, **settings: Any) -> Any:
        """A batch of input_ids, attention_mask and, of pictures, pixel_values and image_grid_thw (count, 3).

        Every text has a mark for each picture, in their order. settings: the tokenizer's.
        """
        shown: dict[str, Any] = {}
        said = list(text)
        if images:
            shown = dict(self._pictures(images=list(images), return_tensors="pt"))
            counts = [int(grid.prod()) // self._pictures.merge_size**2 for grid in shown["image_grid_thw"]]
            said = [_repeated(one, counts) for one in said]
        batch = self._tokenizer(said, **settings)
        batch.update(shown)
        return batch


def _repeated(text: str, counts: Sequence[int]) -> str:
    """The text with every mark as often as its picture has tokens."""
    parts = text.split(_MARK)
    marks = [_MARK * count for count in counts]
    return "".join(part + mark for part, mark in zip(parts, [*marks, ""], strict=True))

"""From a grounding detector's numbers to named things: whichever network gave the numbers, they are read the same way.

A box answers to the name whose tokens it agrees with best; its score is the surest of them, as in the published demo.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Protocol

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

from engine.models.finding.caption import caption
from engine.models.finding.shapes import Segmenter
from engine.pocket.finding import Piece, box_iou

_MEAN, _SPREAD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
_SAME: Final = 0.8
"""Overlap from which two boxes of one name are the same thing."""


class Network(Protocol):
    """A Grounding DINO, whichever package computes it."""

    tokenizer: Any
    """BERT's."""

    def to(self, device: torch.device) -> Any:
        """Move the weights."""
        ...

    def answer(self, pixels: torch.Tensor, text: str) -> tuple[torch.Tensor, torch.Tensor]:
        """Picture (1, 3, h, w) and sentence -> logits (queries, tokens) and boxes (queries, 4), both float32.

        Boxes are centre and size, as shares of the picture.
        """
        ...


class GroundedFinder:
    """A grounding detector, and what turns its boxes into shapes."""

    def __init__(
        self, network: Network, segmenter: Segmenter | None = None, sides: tuple[int, int] = (1333, 800)
    ) -> None:
        """sides: the most pixels that the longer and the shorter side of a picture have as the network sees it."""
        self.network = network
        self.segmenter = segmenter
        self._sides = sides
        self._device = torch.device("cpu")

    def to(self, device: torch.device) -> GroundedFinder:
        """Both on the device."""
        self.network.to(device)
        if self.segmenter is not None:
            self.segmenter.to(device)
        self._device = device
        return self

    @torch.inference_mode()
    def find(self, image: NDArray[np.uint8], names: Sequence[str], threshold: float) -> dict[str, list[Piece]]:
        """Name -> its things in a picture uint8 (height, width, 3), the surest first, none below the threshold.

        Without a segmenter a thing's shape is its whole box.
        """
        found: dict[str, list[Piece]] = {name: [] for name in names}
        if not names:
            return found
        asked = caption(self.network.tokenizer, names)
        logits, boxes = self.network.answer(seen(image, self._sides).to(self._device), asked.text)
        scores = _scores(logits.sigmoid().cpu(), asked.tokens)
        corners = _corners(boxes.cpu(), image.shape[1], image.shape[0])
        for index in torch.argsort(scores.amax(0), descending=True).tolist():
            best = int(scores[:, index].argmax())
            score, box = float(scores[best, index]), corners[index]
            if score < threshold:
                break
            same = any(box_iou(box, other.box) > _SAME for other in found[names[best]])
            if not same and box[0] < box[2] and box[1] < box[3]:
                found[names[best]].append(Piece(_whole(image, box), box, score))
        return found if self.segmenter is None else _shaped(self.segmenter, image, found)


def seen(image: NDArray[np.uint8], sides: tuple[int, int]) -> torch.Tensor:
    """A picture (height, width, 3) as the network sees it: float32 (1, 3, h, w), its colours centred, as large as its
    longer and its shorter side may be."""
    short, long = sorted(image.shape[:2])
    scale = min(sides[0] / long, sides[1] / short)
    size = [max(1, round(side * scale)) for side in image.shape[:2]]
    pixels = torch.from_numpy(np.array(image)).movedim(-1, 0)[None].float()
    pixels = F.interpolate(pixels, size, mode="bilinear", antialias=True, align_corners=False) / 255
    return (pixels - torch.tensor(_MEAN)[:, None, None]) / torch.tensor(_SPREAD)[:, None, None]


def _scores(sure: torch.Tensor, tokens: Sequence[Sequence[int]]) -> torch.Tensor:
    """Probabilities (queries, tokens) -> how surely each box is each name: (names, queries)."""
    rows = [sure[:, list(one)].amax(1) if one else sure.new_zeros(len(sure)) for one in tokens]
    return torch.stack(rows)


def _corners(boxes: torch.Tensor, width: int, height: int) -> list[tuple[int, int, int, int]]:
    """Centres and sizes (queries, 4) -> left, top, right, bottom in whole pixels of the picture, exclusive."""
    centre, half = boxes[:, :2], boxes[:, 2:] / 2
    sides = torch.cat([centre - half, centre + half], 1).clamp(0, 1)
    pixels = (sides * torch.tensor([width, height, width, height])).round().int().tolist()
    return [(left, top, right, bottom) for left, top, right, bottom in pixels]


def _whole(image: NDArray[np.uint8], box: tuple[int, int, int, int]) -> NDArray[np.bool_]:
    """All of a box, as a mask of the picture's size."""
    mask = np.zeros(image.shape[:2], bool)
    mask[box[1] : box[3], box[0] : box[2]] = True
    return mask


def _shaped(segmenter: Segmenter, image: NDArray[np.uint8], found: dict[str, list[Piece]]) -> dict[str, list[Piece]]:
    """The same things with their shapes; one of which nothing can be made out keeps its box."""
    every = [piece for each in found.values() for piece in each]
    masks = iter(segmenter.shapes(image, [piece.box for piece in every]))
    return {name: [_reshaped(piece, next(masks)) for piece in each] for name, each in found.items()}


def _reshaped(piece: Piece, mask: NDArray[np.bool_]) -> Piece:
    return Piece(mask if mask.any() else piece.mask, piece.box, piece.score)

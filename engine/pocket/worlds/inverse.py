"""What happened between two states? The inverse model: p(action | state, next state), from pictures alone.

Both pictures and their difference go through one small convolutional network; one query a question attends to all
places and answers: which kind of action, which thing, which colour, what it became, where, which scene. An action's
probability is the product of the answers that its kind asks for. To tell what happened is far easier than to tell what
will (Qiu et al., 2025): so this model also checks what the forward model paints.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np
import torch
import torch.nn.functional as F
from diffusers import ConfigMixin, ModelMixin
from diffusers.configuration_utils import register_to_config
from numpy.typing import NDArray
from torch import nn

from engine.pocket.residual import ResidualBlock
from engine.pocket.vocabulary import COLOURS, NOUNS, POSITIONS, SCENES
from engine.pocket.worlds.actions import FIELDS, KINDS, Action

ANSWERS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "kind": KINDS,
        "noun": NOUNS,
        "colour": tuple(COLOURS),
        "other": NOUNS,
        "position": tuple(POSITIONS),
        "scene": SCENES,
    }
)
"""Question -> its possible answers, in the order in which weights count."""
_LIKELY: Final = 3
"""Answers to each question that are looked at when the likeliest actions are sought."""
_AT_ONCE: Final = 32
"""Pairs that are looked at together."""


@dataclass(frozen=True, slots=True)
class Told:
    """An action that may have happened."""

    action: Action
    confidence: float
    """Its probability, 0..1."""


class InverseModel(ModelMixin, ConfigMixin):
    """Pairs of pictures (b, 2, 3, view, view) in 0..1 to logits; about 0.7 M parameters."""

    @register_to_config
    def __init__(self, view: int = 96, width: int = 96, layers: int = 2) -> None:
        super().__init__()
        channels = (32, 48, 72, width)
        stages: list[nn.Module] = [nn.Conv2d(9, channels[0], 5, 2, 2), ResidualBlock(channels[0])]
        for before, after, stride in zip(channels, channels[1:], (2, 2, 1), strict=False):
            stages += [nn.Conv2d(before, after, 3, stride, 1), ResidualBlock(after)]
        self.stages = nn.Sequential(*stages, nn.GroupNorm(8, width))
        edge = view // 8
        self.places = nn.ParameterList(torch.randn(1, *shape, width) * 0.02 for shape in ((edge, 1), (1, edge)))
        self.queries = nn.Parameter(torch.randn(1, len(ANSWERS), width) * 0.02)
        layer = nn.TransformerDecoderLayer(width, 4, 2 * width, 0.0, "gelu", batch_first=True, norm_first=True)
        self.decoder = nn.TransformerDecoder(layer, layers, nn.LayerNorm(width))
        self.heads = nn.ModuleDict({name: nn.Linear(width, len(answers)) for name, answers in ANSWERS.items()})

    def forward(self, pairs: torch.Tensor) -> dict[str, torch.Tensor]:
        """Question -> logits (b, answers)."""
        return self.answer(self.decoder(self.queries.expand(len(pairs), -1, -1), self.look(pairs)))

    def look(self, pairs: torch.Tensor) -> torch.Tensor:
        """What is seen at each place, (b, places, width)."""
        pixels = pairs * 2 - 1
        seen = self.stages(torch.cat([pixels.flatten(1, 2), pixels[:, 1] - pixels[:, 0]], 1))
        row, column = self.places
        return torch.as_tensor((seen.movedim(1, -1) + row + column).flatten(1, 2))

    def answer(self, asked: torch.Tensor) -> dict[str, torch.Tensor]:
        """Question -> logits, of the queries' tokens (b, questions or more, width)."""
        return {name: head(asked[:, place]) for place, (name, head) in enumerate(self.heads.items())}


def to_view(frames: torch.Tensor, view: int) -> torch.Tensor:
    """Pictures (n, 3, h, w), uint8 or 0..1, to what the model takes: (n, 3, view, view) in 0..1."""
    pixels = frames.float() / 255 if frames.dtype == torch.uint8 else frames.float()
    small: torch.Tensor = F.interpolate(pixels, (view, view), mode="bilinear", antialias=True, align_corners=False)
    return small


class ActionReader:
    """A loaded inverse model: shown pairs of pictures, it tells what happened, or how likely something is to have."""

    def __init__(self, model: InverseModel) -> None:
        self.model = model.eval()

    @classmethod
    def from_pretrained(cls, folder: Path, dtype: torch.dtype = torch.float32) -> ActionReader:
        """Load from a folder: safetensors only, nothing downloaded."""
        return cls(InverseModel.from_pretrained(folder, dtype=dtype, use_safetensors=True, local_files_only=True))

    def to(self, device: torch.device) -> ActionReader:
        """Move the weights to the device."""
        self.model.to(device)
        return self

    def tell(self, before: NDArray[np.uint8], after: NDArray[np.uint8], most: int = 3) -> list[list[Told]]:
        """The likeliest actions of each pair, the likeliest first, at most so many.

        before, after: uint8 (pairs, height, width, 3) of any size.
        """
        answers = self._answers(before, after)
        return [
            likeliest({name: chances[pair] for name, chances in answers.items()}, most) for pair in range(len(before))
        ]

    def likelihood(
        self, before: NDArray[np.uint8], after: NDArray[np.uint8], actions: Sequence[Action]
    ) -> NDArray[np.float64]:
        """How likely it is that each pair's action happened, (pairs,) in 0..1; pictures as `tell` has them."""
        answers = self._answers(before, after)
        return np.array(
            [
                _chance({name: chances[pair] for name, chances in answers.items()}, action)
                for pair, action in enumerate(actions)
            ]
        )

    @torch.inference_mode()
    def _answers(self, before: NDArray[np.uint8], after: NDArray[np.uint8]) -> dict[str, NDArray[np.float64]]:
        """Question -> probabilities (pairs, answers)."""
        weight, view = self.model.queries, self.model.config.view
        if not len(before):
            return {name: np.zeros((0, len(answers))) for name, answers in ANSWERS.items()}
        found: dict[str, list[torch.Tensor]] = {name: [] for name in ANSWERS}
        for first in range(0, len(before), _AT_ONCE):
            both = [torch.from_numpy(np.array(side[first : first + _AT_ONCE])) for side in (before, after)]
            views = [to_view(side.to(weight.device).movedim(-1, 1), view).to(weight.dtype) for side in both]
            for name, logits in self.model(torch.stack(views, 1)).items():
                found[name].append(logits.double().softmax(-1).cpu())
        return {name: torch.cat(parts).numpy() for name, parts in found.items()}


def _chance(answers: Mapping[str, NDArray[np.float64]], action: Action) -> float:
    """The product of the answers that the action's kind asks for."""
    asked = ("kind", *FIELDS[action.kind])
    return prod(float(answers[name][ANSWERS[name].index(getattr(action, name))]) for name in asked)


def likeliest(answers: Mapping[str, NDArray[np.float64]], most: int) -> list[Told]:
    """The likeliest actions made of each question's likeliest answers."""
    best = {name: [ANSWERS[name][i] for i in np.argsort(-chances)[:_LIKELY]] for name, chances in answers.items()}
    told = []
    for kind in best["kind"]:
        for values in product(*(best[name] for name in FIELDS[kind])):
            action = Action(kind, **dict(zip(FIELDS[kind], values, strict=True)))
            told.append(Told(action, _chance(answers, action)))
    return sorted(told, key=lambda one: -one.confidence)[:most]

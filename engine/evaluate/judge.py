"""The judge of the pocket world: looks at a clip and says what it sees. Shares nothing with the generator.

A factorised 3-D convolutional network on 17 frames, then one query a noun that attends to all of it and answers: is
it there, in which colour, what does it do, how fast; more queries answer for the scene, the camera and the style.
Trained on rendered truth only (engine.train.judge), on degraded frames, never on anything that a generator made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from diffusers import ConfigMixin, ModelMixin
from diffusers.configuration_utils import register_to_config
from numpy.typing import NDArray
from torch import nn

from engine.pocket.vocabulary import CAMERAS, COLOURS, MOTIONS, NOUNS, SCENES, SPEEDS, STYLES

FRAMES = 17
"""Frames that it looks at: two seconds."""
VIEW = 128
"""Pixels a side that it looks at."""


@dataclass(frozen=True)
class SeenThing:
    """One thing that the judge sees."""

    noun: str
    colour: str
    motion: str
    """One of MOTIONS."""
    direction: str | None
    """For a thing that rolls: left or right."""
    speed: str
    """slow or quick; means nothing for a thing that is still."""


@dataclass(frozen=True)
class Seen:
    """Everything that the judge sees in one clip."""

    things: tuple[SeenThing, ...]
    scene: str
    camera: str
    style: str = STYLES[0]


class _Block(nn.Module):
    """A residual block: 3x3 in space, 3 in time."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.space = nn.Conv3d(channels, channels, (1, 3, 3), padding=(0, 1, 1), bias=False)
        self.time = nn.Conv3d(channels, channels, (3, 1, 1), padding=(1, 0, 0), bias=False)
        self.norms = nn.ModuleList([nn.GroupNorm(8, channels), nn.GroupNorm(8, channels)])

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        inner = self.space(F.silu(self.norms[0](x)))
        change: torch.Tensor = self.time(F.silu(self.norms[1](inner)))
        return x + change


class JudgeModel(ModelMixin, ConfigMixin):
    """Frames (batch, 17, 3, 128, 128) in 0..1 to logits; about 1 M parameters."""

    @register_to_config
    def __init__(self, width: int = 96, layers: int = 3, styles: bool = False) -> None:
        """styles: whether it tells styles apart; without, everything is flat to it."""
        super().__init__()
        channels = (24, 48, 80, width)
        stages: list[nn.Module] = [nn.Conv3d(3, channels[0], (3, 5, 5), (1, 2, 2), (1, 2, 2))]
        strides = ((1, 2, 2), (1, 2, 2), (2, 1, 1))
        for before, after, stride in zip(channels, channels[1:], strides, strict=False):
            stages += [_Block(before), nn.Conv3d(before, after, 3, stride, 1)]
        self.stages = nn.Sequential(*stages, _Block(width), _Block(width), nn.GroupNorm(8, width))
        shapes = ((9, 1, 1), (1, 16, 1), (1, 1, 16))
        self.places = nn.ParameterList(torch.randn(1, *shape, width) * 0.02 for shape in shapes)
        self.queries = nn.Parameter(torch.randn(1, len(NOUNS) + 2 + styles, width) * 0.02)
        layer = nn.TransformerDecoderLayer(width, 4, 3 * width, 0.0, "gelu", batch_first=True, norm_first=True)
        self.decoder = nn.TransformerDecoder(layer, layers, nn.LayerNorm(width))
        self.present = nn.Linear(width, 1)
        self.colour = nn.Linear(width, len(COLOURS))
        self.motion = nn.Linear(width, len(MOTIONS) + 1)
        self.speed = nn.Linear(width, len(SPEEDS))
        self.scene = nn.Linear(width, len(SCENES))
        self.camera = nn.Linear(width, len(CAMERAS))
        self.style = nn.Linear(width, len(STYLES)) if styles else None

    def forward(self, frames: torch.Tensor) -> dict[str, torch.Tensor]:
        """Logits: present (b, nouns), colour, motion, speed (b, nouns, classes), scene, camera and, if it
        tells them, style (b, classes).

        The motion class after the last is rolling to the left; `roll` itself is then to the right.
        """
        seen = self.stages(frames.transpose(1, 2) * 2 - 1)
        time, row, column = self.places
        tokens = (seen.movedim(1, -1) + time + row + column).flatten(1, 3)
        answers = self.decoder(self.queries.expand(len(frames), -1, -1), tokens)
        things, scene, camera = answers[:, : len(NOUNS)], answers[:, len(NOUNS)], answers[:, len(NOUNS) + 1]
        style = {} if self.style is None else {"style": self.style(answers[:, len(NOUNS) + 2])}
        return {
            "present": self.present(things)[..., 0],
            "colour": self.colour(things),
            "motion": self.motion(things),
            "speed": self.speed(things),
            "scene": self.scene(scene),
            "camera": self.camera(camera),
            **style,
        }


def to_view(frames: torch.Tensor) -> torch.Tensor:
    """Frames (b, f, 3, h, w), uint8 or 0..1, to what the model takes: (b, f, 3, 128, 128) in 0..1."""
    pixels = frames.float() / 255 if frames.dtype == torch.uint8 else frames.float()
    small: torch.Tensor = F.interpolate(pixels.flatten(0, 1), size=(VIEW, VIEW), mode="area")
    clips: torch.Tensor = small.unflatten(0, frames.shape[:2])
    return clips


def read(logits: Mapping[str, torch.Tensor]) -> list[Seen]:
    """The most likely answers in words, one Seen a clip."""
    best: dict[str, Any] = {name: value.argmax(-1).tolist() for name, value in logits.items() if name != "present"}
    present = (logits["present"] > 0).tolist()
    clips = []
    for index, nouns in enumerate(present):
        things = []
        for noun, there in enumerate(nouns):
            if there:
                motion = best["motion"][index][noun]
                rolls_left = motion == len(MOTIONS)
                name = "roll" if rolls_left else MOTIONS[motion]
                direction = ("left" if rolls_left else "right") if name == "roll" else None
                colour = tuple(COLOURS)[best["colour"][index][noun]]
                things.append(SeenThing(NOUNS[noun], colour, name, direction, SPEEDS[best["speed"][index][noun]]))
        style = STYLES[best["style"][index]] if "style" in best else STYLES[0]
        clips.append(Seen(tuple(things), SCENES[best["scene"][index]], CAMERAS[best["camera"][index]], style))
    return clips


class Judge:
    """A loaded judge: `look` at clips, get what it sees."""

    def __init__(self, model: JudgeModel, device: str = "cpu") -> None:
        self._model = model.to(device).eval()
        self.device = device

    @torch.inference_mode()
    def look(self, clips: NDArray[np.uint8]) -> list[Seen]:
        """What is seen in clips of 17 frames: uint8 (clips, 17, height, width, 3)."""
        seen: list[Seen] = []
        for part in torch.from_numpy(clips).split(16):
            frames = to_view(part.to(self.device).permute(0, 1, 4, 2, 3))
            seen += read(self._model(frames))
        return seen

    @torch.inference_mode()
    def likelihoods(self, clip: NDArray[np.uint8]) -> Mapping[str, torch.Tensor]:
        """How likely each answer is in one clip of 17 frames, uint8 (17, height, width, 3): JudgeModel's, 0..1."""
        frames = to_view(torch.from_numpy(clip)[None].to(self.device).permute(0, 1, 4, 2, 3))
        said = {name: value[0].float().cpu() for name, value in self._model(frames).items()}
        return {name: value.sigmoid() if name == "present" else value.softmax(-1) for name, value in said.items()}

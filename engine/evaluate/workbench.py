"""The agents at work for a measurement: the real ones, fed with clips that the simulator knows the truth of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.agent import Agent, Input, Progress
from engine.evaluate.cases import Frames
from engine.evaluate.judge import FRAMES, Judge, Seen
from engine.evaluate.metrics.features import ImageEncoder
from engine.media.images import encode_png, open_image
from engine.media.videos import encode_video, read_video
from engine.pocket.render import Renderer, layout
from engine.pocket.world import FPS, Clip, sample_clip
from engine.types import Settings

_APART = 40
"""Indices from which one clip is looked for: far enough that no two numbers find the same."""


class Silent:
    """A reporter to whom nobody listens."""

    def report(self, progress: Progress, preview: bytes | None = None) -> None:
        """Nothing."""


@dataclass(frozen=True)
class Workbench:
    """What a measure works with."""

    agents: Mapping[str, Callable[[], Agent]]
    """Name -> how it is made, as in engine.crew; only those that can do their work here."""
    judge: Judge
    """Says what is seen."""
    renderer: Renderer
    """Draws the truth."""
    encoder: ImageEncoder | None = None
    """Frames as vectors, for how alike neighbours are; None where nobody asks."""

    def make(self, agent: str, inputs: Mapping[str, Input], seed: int, settings: Settings) -> bytes:
        """The file that an agent makes of these inputs."""
        return self.agents[agent]().run(inputs, seed, settings, Silent()).data

    def film(self, agent: str, inputs: Mapping[str, Input], seed: int, settings: Settings) -> Frames:
        """The frames that an agent makes."""
        return frames_of(self.make(agent, inputs, seed, settings))

    def truth(self, clip: Clip, frames: int = FRAMES) -> Frames:
        """The clip as the simulator draws it."""
        drawn = self.renderer.render(layout([clip], frames))[0]
        pixels: Frames = drawn.permute(0, 2, 3, 1).contiguous().cpu().numpy()
        return pixels

    def look(self, frames: Frames) -> Seen:
        """What the judge sees in 17 frames; a picture is shown to it as a clip that stands still."""
        clip = np.repeat(frames[None], FRAMES, axis=0) if frames.ndim == 3 else frames
        return self.judge.look(clip[None])[0]


def clip_of(number: int, motions: Sequence[str]) -> Clip:
    """The number-th held-out clip of one thing that moves in one of these ways, before a camera that stands still."""
    indices = count(number * _APART)
    clips = (sample_clip(index, held_out=True, things=1) for index in indices)
    return next(replace(clip, camera="still") for clip in clips if clip.things[0].motion in motions)


def png(frame: NDArray[Any]) -> bytes:
    """A frame as an uploaded or approved picture."""
    return encode_png(Image.fromarray(np.ascontiguousarray(frame)))


def mp4(frames: Frames) -> bytes:
    """Frames as an approved video."""
    return encode_video(frames, FPS)


def frames_of(video: bytes) -> Frames:
    """The frames of a video's file."""
    return read_video(video)[0]


def picture_of(image: bytes) -> Frames:
    """The pixels of a picture's file, (height, width, 3)."""
    return np.asarray(open_image(image).convert("RGB"))


def stored(frames: Frames) -> Frames:
    """Frames as they come back from the file of an approved video."""
    return frames_of(mp4(frames))


def mean_step(frames: Frames) -> float:
    """Mean absolute difference from frame to frame, 0..255; 0 for a single frame."""
    return float(np.abs(np.diff(frames.astype(np.int16), axis=0)).mean()) if len(frames) > 1 else 0.0


def seam_step(before: Frames, after: Frames) -> float:
    """Mean absolute difference across the seam from one clip to the next, 0..255."""
    return mean_step(np.stack([before[-1], after[0]]))

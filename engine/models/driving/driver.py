"""What a driver is: how one family of pipelines is loaded, what it can be asked for, and how it is asked.

Loads at once: torch and diffusers come with the pipeline that a driver is handed. Knows no agent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.errors import ModelError
from engine.models.script import Sampling, Script
from engine.types import Value

if TYPE_CHECKING:
    import torch

    from engine.models.preview import Frames

Use = Literal["edit", "fill"]
"""What is done to a source: changed where it is seen, or made anew where it is not."""
StepEnd = Callable[[Any, int, Any, dict[str, Any]], dict[str, Any]]
"""diffusers' callback_on_step_end: pipeline, step, timestep, tensors -> tensors. Raising in it ends the run."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What pipelines of a family take, whatever their weights."""

    multiple: int
    """Width and height are multiples of it, in pixels."""
    most_pixels: int
    """Pixels of the largest frame that is worth asking for."""
    frame_step: int | None = None
    """A clip's length is a multiple of it and one more; `None`: still pictures only."""
    stills: bool = False
    """Whether it makes single pictures."""
    begins: bool = False
    """Whether it must be given the first frame."""
    anywhere: bool = False
    """Whether known frames may stand at any place of the clip, not only at its ends."""
    uses: tuple[Use, ...] = ()
    """What it can do to a source; none: it takes no source."""
    needs_mask: bool = False
    """Whether a source must come with where it may change."""
    sourceless: bool = True
    """Whether it makes anything without a source."""


def jobs_of(rules: Rules) -> tuple[str, ...]:
    """The agents that a model of such a family can serve, as far as its pipelines go."""
    films = rules.frame_step is not None
    able = {
        "text_to_image": rules.stills and rules.sourceless,
        "inpainter": rules.stills and "fill" in rules.uses,
        "image_editor": rules.stills and "edit" in rules.uses,
        "image_to_video": films,
        "extender": films,
        "connector": films,
        "video_editor": films and "edit" in rules.uses,
    }
    return tuple(job for job, fits in able.items() if fits)


@dataclass(frozen=True)
class Order:
    """One run as a driver is asked for it: checked, with its noise and its listener."""

    script: Script
    sampling: Sampling
    fps: int
    """Frames a second of the clip; of a still picture, one."""
    generator: torch.Generator
    """Draws all noise."""
    after_step: StepEnd
    """Told after every denoising step."""

    @property
    def words(self) -> dict[str, Any]:
        """What to show and what not, as almost every pipeline calls it."""
        return {"prompt": self.script.prompt, "negative_prompt": self.script.avoid}

    @property
    def size(self) -> dict[str, Any]:
        """Height and width."""
        return {"height": self.sampling.height, "width": self.sampling.width}

    @property
    def loop(self) -> dict[str, Any]:
        """Steps, noise, listener, and numbers between 0 and 1 for an answer."""
        return {
            "num_inference_steps": self.sampling.steps,
            "generator": self.generator,
            "callback_on_step_end": self.after_step,
            "output_type": "np",
        }

    @property
    def guidance(self) -> dict[str, Any]:
        """How closely to follow the words."""
        return {"guidance_scale": self.sampling.guidance_scale}

    def picture(self, index: int) -> Image.Image:
        """The known frame at an index. Raises ModelError where there is none."""
        if index not in self.script.known:
            raise ModelError("The model was not given the picture that it begins with", "Make another take.")
        return self.script.known[index]


Run = Callable[[Any, Order], "Frames"]
Part = Callable[[Path, "torch.dtype"], Any]
"""A folder and a number format -> a component: the folder is the model's, or of a borrowed one its own."""
Unpack = Callable[[Any, Sampling, "torch.Tensor"], "torch.Tensor"]
"""Pipeline, a run's size, and latents that it keeps as a row of patches (1, patches, values) -> those as its decoder
takes them: (1, channels, frames, h, w) or (1, channels, h, w)."""


def once(sampling: Sampling) -> int:
    """Most pipelines go through their steps once."""
    return 1


def laid_out(pipeline: Any, sampling: Sampling, latents: torch.Tensor) -> torch.Tensor:
    """Latents that are laid out already, as most pipelines keep them."""
    return latents


@dataclass(frozen=True)
class Driver:
    """One family of pipelines."""

    name: str
    """As ModelProfile.driver has it."""
    pipelines: tuple[str, ...]
    """Classes of diffusers: the one that is loaded, then others whose folders it can be loaded from."""
    rules: Rules
    run: Run
    """Pipeline and order -> uint8 (frames, height, width, 3)."""
    refiner: str = ""
    """Class of a second pipeline that may do the last steps; empty: there is none."""
    parts: Mapping[str, Part] = field(default_factory=dict[str, Part])
    """Component -> what makes it where the pipeline's own loader cannot."""
    dtypes: Mapping[str, str] = field(default_factory=lambda: {"default": "bfloat16"})
    """Component -> its number format on a GPU; `default` for all others."""
    own: Mapping[str, Value] = field(default_factory=dict[str, Value])
    """Settings that the family alone has (engine.models.script.OWN), as its makers published it."""
    unpack: Unpack = laid_out
    """Lays out the latents as they are denoised, to be shown."""
    rounds: Callable[[Sampling], int] = once
    """How many times a run goes through its steps."""


@dataclass(frozen=True)
class Pair:
    """A pipeline, and the one that does the last steps."""

    base: Any
    refiner: Any

    def to(self, device: torch.device) -> Self:
        """Both on the device."""
        self.base.to(device)
        self.refiner.to(device)
        return self

    def set_progress_bar_config(self, **settings: Any) -> None:
        """For both."""
        self.base.set_progress_bar_config(**settings)
        self.refiner.set_progress_bar_config(**settings)


def pixels(made: NDArray[np.floating[Any]]) -> Frames:
    """Frames of numbers from 0 to 1 as uint8 (frames, height, width, 3). Raises ModelError for what is no number."""
    array = np.asarray(made, dtype=np.float32)
    if not np.isfinite(array).all():
        raise ran_over()
    frames: Frames = (array * 255).round().clip(0, 255).astype(np.uint8)
    return frames


def ran_over() -> ModelError:
    """The error of numbers that are none."""
    return ModelError(
        "The model's numbers ran over, so there is no picture",
        "Make another take; if that fails too, the weights are damaged or of a format that this device cannot do.",
    )

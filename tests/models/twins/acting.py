"""What the tests have the twins do: one take by an agent, or one run, of small pictures and clips."""

from __future__ import annotations

import numpy as np
from PIL import Image

from engine.agent import Agent, Draft, Input
from engine.agents.image_editor import ImageEditor
from engine.agents.image_to_video import ImageToVideo
from engine.agents.inpainter import Inpainter
from engine.agents.text_to_image import TextToImage
from engine.media.images import encode_png
from engine.media.videos import Frames, encode_video
from engine.models.denoising import denoise
from engine.models.script import Script, sampling
from engine.types import ModelProfile
from tests.agents.twin import WORDS, Listener
from tests.models.twins.shelf import SIDE, Shelf

AGENTS: dict[str, type[TextToImage] | type[ImageEditor] | type[Inpainter] | type[ImageToVideo]] = {
    "text_to_image": TextToImage,
    "image_editor": ImageEditor,
    "inpainter": Inpainter,
    "image_to_video": ImageToVideo,
}


def still(colour: str = "red") -> bytes:
    return encode_png(Image.new("RGB", (SIDE, SIDE), colour))


def walk(count: int) -> bytes:
    """A red square that walks to the right."""
    frames = np.full((count, SIDE, SIDE, 3), (90, 160, 90), np.uint8)
    for index, frame in enumerate(frames):
        frame[20:40, index : index + 16] = (220, 40, 50)
    return encode_video(frames, 8)


def spot() -> bytes:
    level = np.zeros((SIDE, SIDE), np.uint8)
    level[16:48, 16:48] = 255
    return encode_png(Image.fromarray(level))


GIVEN: dict[str, dict[str, Input]] = {
    "text_to_image": {"scene": WORDS["scene"], "avoid": "rain"},
    "image_editor": {"image": still(), "instruction": "make the ball blue", "mask": spot()},
    "inpainter": {"image": still(), "mask": spot(), "scene": "a blue ball", "avoid": ""},
    "image_to_video": {"image": still(), **WORDS, "avoid": "rain"},
}


def take(shelf: Shelf, model: ModelProfile, seed: int = 3, cancel_at: int | None = None) -> tuple[Draft, Listener]:
    """One take by the agent of the row's first job."""
    listener = Listener(cancel_at)
    agent: Agent = AGENTS[model.jobs[0]](shelf.lease)
    return agent.run(GIVEN[model.jobs[0]], seed, {"profile": model.name}, listener), listener


def frames_of(shelf: Shelf, model: ModelProfile, script: Script) -> Frames:
    twin = shelf.twin(model)
    count = twin.frame_counts[0] if twin.frame_counts else 1
    with shelf.lease.borrow(twin) as loaded:
        return denoise(loaded, script, sampling(twin, {}, count), 3, lambda done, steps, latents: None)


def plain(colour: str) -> Image.Image:
    return Image.new("RGB", (SIDE, SIDE), colour)

"""Agents that paint at once: real pictures, clips, boxes and masks of a ball, as large as the pocket models'.

One brush an agent: a pure function from what it was given to a file. Painter reports steps around it.
"""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from engine import boxes
from engine.agent import Draft, Input, Lane, Progress, Reporter
from engine.boxes import Boxes, Thing
from engine.errors import UnknownActionError, WeightsMissingError
from engine.media.images import encode_png, open_image
from engine.media.states import State, encode_state
from engine.media.videos import encode_video, read_video
from engine.pocket.world import Clip
from engine.pocket.worlds.actions import Action
from engine.pocket.worlds.happening import Happening, Impact
from engine.pocket.worlds.sounds import sound_of
from engine.pocket.worlds.spectra import spectrogram
from engine.runner import AgentRow
from engine.types import Kind, Settings
from engine.worlds import unpacked

STEPS = 4
SIZE = 192
FPS = 8
NOWHERE = Clip((), "meadow", "still", "flat", 0)
Frames = NDArray[np.uint8]


@dataclass(frozen=True)
class Given:
    """What an agent was given."""

    inputs: Mapping[str, Input]
    seed: int
    settings: Settings

    def file(self, name: str) -> bytes:
        data = self.inputs[name]
        assert isinstance(data, bytes)
        return data

    def picture(self, name: str) -> Frames:
        return np.asarray(open_image(self.file(name)).convert("RGB"))

    def clip(self, name: str) -> Frames:
        return read_video(self.file(name))[0]

    def mask(self, name: str) -> NDArray[np.bool_]:
        return np.asarray(Image.open(io.BytesIO(self.file(name))).convert("L")) > 127


Brush = Callable[[Given], Draft]


@dataclass(frozen=True)
class Painter:
    """Takes steps and shows what it has; a file HOME/hold holds it at its next one."""

    home: Path
    name: str
    yields: Kind
    needs: frozenset[str]
    takes: frozenset[str]
    brush: Brush

    def run(self, inputs: Mapping[str, Input], seed: int, settings: Settings, reporter: Reporter) -> Draft:
        for step in range(1, STEPS + 1):
            picture = ball(seed).resize((48, 48))
            reporter.report(Progress("denoising", step, STEPS, float(STEPS - step)), encode_png(picture))
            self._held(step, reporter)
        return self.brush(Given(inputs, seed, settings))

    def _held(self, step: int, reporter: Reporter) -> None:
        pause = threading.Event()
        while (self.home / "hold").exists():
            pause.wait(0.02)
            reporter.report(Progress("denoising", step, STEPS, float(STEPS - step)))


def ball(seed: int) -> Image.Image:
    """A ball on a meadow; where it lies follows from the seed."""
    picture = Image.new("RGB", (SIZE, SIZE), (150, 205, 245))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 124, SIZE, SIZE), fill=(104, 176, 96))
    left = 16 + seed % 7 * 16
    draw.ellipse((left, 84, left + 60, 144), fill=(214, 58, 48))
    return picture


def slide(first: Frames, count: int, begin: int = 0) -> Frames:
    """The picture, moving along to the right, from the step `begin` on."""
    return np.stack([np.roll(first, 4 * (begin + number), axis=1) for number in range(count)])


# ------------------------------------------------------------------------------------------------ brushes


def text_to_image(given: Given) -> Draft:
    return image(given, np.asarray(ball(given.seed)))


def image_to_video(given: Given) -> Draft:
    return video(given, slide(given.picture("image"), int(given.settings.get("frames") or 17)))


def extender(given: Given) -> Draft:
    clip = given.clip("clip")
    backwards = given.settings.get("direction") == "backwards"
    frames = slide(clip[0], 12, -12) if backwards else slide(clip[-1], 12, 1)
    frames[:, :16, :16] = given.seed % 256  # so that no two takes are alike
    return video(given, frames)


def connector(given: Given) -> Draft:
    first, second = given.clip("clip")[-1], given.clip("second_clip")[0]
    share = ((np.arange(9) + 1) / 10)[:, None, None, None]
    return video(given, np.rint(first * (1 - share) + second * share).astype(np.uint8))


def detector(given: Given) -> Draft:
    """The red ball, under the first word; a second, weaker thing; nothing for `nothing`, no weights for `lost`."""
    if "lost" in str(given.inputs["words"]):
        raise WeightsMissingError("The detector's weights are not there", "Install Greenlight again.")
    if "nothing" in str(given.inputs["words"]):
        found = Boxes(SIZE, SIZE, (), (), ("nothing",))
        return Draft("boxes", found.encode(), ".json", facts=boxes.facts(found))
    red = given.picture("image").astype(int)
    shape = (red[..., 0] > 150) & (red[..., 1] < 120)
    rows, columns = np.nonzero(shape)
    box = (float(columns.min()), float(rows.min()), float(columns.max() + 1), float(rows.max() + 1))
    things = (Thing("red ball", 0.93, box, runs(shape)), Thing("meadow", 0.41, (0.0, 124.0, 192.0, 192.0)))
    found = Boxes(SIZE, SIZE, things, (0,))
    return Draft("boxes", found.encode(), ".json", given.settings, "pocket", "test", boxes.facts(found))


def inpainter(given: Given) -> Draft:
    return image(given, recoloured(given.picture("image"), given.mask("mask"), given.seed))


def image_editor(given: Given) -> Draft:
    picture = given.picture("image")
    where = given.mask("mask") if "mask" in given.inputs else np.ones(picture.shape[:2], bool)
    return image(given, recoloured(picture, where, given.seed))


def video_editor(given: Given) -> Draft:
    clip = given.clip("video")
    everywhere = np.ones(clip.shape[:3], bool)
    where = given.mask("mask").reshape(clip.shape[:3]) if "mask" in given.inputs else everywhere
    return video(given, recoloured(clip, where, 0))


def world_stepper(given: Given) -> Draft:
    """The state one step further to the right, a little darker by the seed; what rolls or drops hits the ground, and
    the latest step comes to mind. The words that this world lacks fail."""
    said = str(given.settings.get("action") or given.inputs["action"])
    if "rain" in said:
        raise UnknownActionError("This world has no word for that", "Say what happens to what.", value="rain")
    pixels = np.roll(given.picture("onward" if "onward" in given.inputs else "image"), 16, axis=1) - given.seed % 9
    blow = Impact("ball", "ground") if "rolls" in said or "drops" in said else None
    sound = spectrogram(sound_of(Happening(NOWHERE, Action("drop", "ball"), NOWHERE, blow)))
    facts: Settings = {
        "width": SIZE, "height": SIZE, "likelihood": given.seed % 100 / 100, "told": said,
        "next": "the ball grows; night falls", "words": "a red ball",
        "heard": "the ball hits the ground" if blow else "",
    }  # fmt: skip
    if "earlier" in given.inputs and given.settings.get("remembers"):
        latest = unpacked(given.inputs["earlier"])[-1]
        facts = {
            **facts, "recalled": latest.action, "recalled_states": sha256(latest.after).hexdigest(),
            "recalled_changes": "the ball is right, not left", "corrected": "the ball is red, as it was",
        }  # fmt: skip
    data = encode_state(State(Image.fromarray(pixels.astype(np.uint8)), "a red ball", sound))
    return Draft("image", data, ".png", {**given.settings, "action": said}, "pocket-forward", "test", facts)


def action_namer(given: Given) -> Draft:
    """One moment, in which the ball drops; half sure of it."""
    told = [{"text": "the ball drops", "confidence": 0.5}, {"text": "nothing happens", "confidence": 0.25}]
    moments = [{"begins": 0.0, "ends": 1.0, "told": told}]
    return Draft("state", json.dumps({"moments": moments}).encode(), ".json", given.settings, "pocket-inverse", "test")


def recoloured(pixels: Frames, where: NDArray[np.bool_], seed: int) -> Frames:
    """Red becomes green or blue where it may."""
    return np.where(where[..., None], pixels[..., [1, 0, 2] if seed % 2 else [2, 1, 0]], pixels)


def runs(shape: NDArray[np.bool_]) -> tuple[int, ...]:
    """Run lengths, row by row, beginning with 0s."""
    flat = np.concatenate([[False], shape.ravel(), [not shape.ravel()[-1]]])
    edges = np.flatnonzero(flat[1:] != flat[:-1])
    return tuple(int(length) for length in np.diff(np.concatenate([[0], edges])))


# -------------------------------------------------------------------------------------------------- files


def image(given: Given, pixels: Frames) -> Draft:
    data = encode_png(Image.fromarray(pixels))
    return Draft("image", data, ".png", given.settings, "pocket", "test", {"width": SIZE, "height": SIZE})


def video(given: Given, frames: Frames) -> Draft:
    count = len(frames)
    facts: Settings = {"width": SIZE, "height": SIZE, "frames": count, "fps": FPS, "seconds": count / FPS}
    settings = {**given.settings, "frames": given.settings.get("frames") or count}
    return Draft("video", encode_video(frames, FPS), ".mp4", settings, "pocket", "test", facts)


BRUSHES: Mapping[str, tuple[Brush, Kind, str, str, Lane]] = {
    "text_to_image": (text_to_image, "image", "scene avoid", "", "device"),
    "image_to_video": (image_to_video, "video", "image scene motion avoid", "last_image", "device"),
    "extender": (extender, "video", "clip scene motion avoid", "anchor", "device"),
    "connector": (connector, "video", "clip second_clip transition avoid", "", "device"),
    "detector": (detector, "boxes", "image words", "", "device"),
    "inpainter": (inpainter, "image", "image mask scene avoid", "", "device"),
    "image_editor": (image_editor, "image", "image", "instruction mask avoid scene", "device"),
    "video_editor": (video_editor, "video", "video", "image instruction mask avoid motion", "device"),
    "action_namer": (action_namer, "state", "", "image last_image video", "device"),
    "world_stepper": (world_stepper, "image", "image action", "onward earlier", "device"),
}
"""Agent -> its brush, what it yields, needs and takes, and its lane."""


def painters(home: Path) -> Mapping[str, AgentRow]:
    """A painter for every agent that needs a model."""
    rows = {}
    for name, (brush, kind, needs, takes, lane) in BRUSHES.items():
        named = (frozenset(needs.split()), frozenset(takes.split()))
        rows[name] = AgentRow(partial(Painter, home, name, kind, *named, brush), lane)
    return rows

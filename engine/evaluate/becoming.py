"""What WorldGPT does without a model, measured against the simulator: room for what moves, and what lies behind it.

Held-out clips of one thing before a still camera, the motion said in plain or in held-out words. The thing is known as
a perfect detector would find it: what is measured is what is made of it.
"""

from __future__ import annotations

import random

import numpy as np
from numpy.typing import NDArray

from engine.agents.background_refiner import BackgroundRefiner
from engine.agents.mask_maker import MaskMaker
from engine.boxes import Boxes, Thing
from engine.evaluate.cases import Row
from engine.evaluate.pocket import psnr
from engine.evaluate.workbench import Silent, clip_of, mp4, png
from engine.media.images import open_image
from engine.media.masks import run_lengths
from engine.media.videos import Frames, read_video
from engine.pocket import grammar
from engine.pocket.finding import box_of
from engine.pocket.render import Renderer, layout
from engine.pocket.world import Clip

FRAMES = 17
SHIMMER = 4.0
"""Standard deviation of the noise that stands for a generated clip's shimmer, in levels of 255."""


def room(number: int, motion: str, renderer: Renderer) -> Row:
    """Of one clip: how much of the thing in the last frame the mask of the first covers, and how much it opens.

    `covered`: with the motion in plain words; `covered, free words`; `covered, no room`: by the thing's place alone.
    `opened`, `opened, no room`: shares of the picture.
    """
    clip = clip_of(number, (motion,))
    masks = renderer.masks(layout([clip], FRAMES))[0, :, 0].cpu().numpy()
    boxes = _found(clip, masks[0])
    free = grammar.motion_caption(clip, random.Random(number), held_out=True)
    plain, told, none = (
        _mask(boxes, words, way)
        for words, way in ((grammar.canonical_motion(clip), "as said"), (free, "as said"), (free, "none"))
    )
    return {
        "covered": _share(plain, masks[-1]),
        "covered, free words": _share(told, masks[-1]),
        "covered, no room": _share(none, masks[-1]),
        "opened": float(plain.mean()),
        "opened, no room": float(none.mean()),
    }


def behind(number: int, motion: str, renderer: Renderer) -> Row:
    """Of one clip that shimmers: PSNR of the background before and after, and what became of the thing's own pixels.

    `background`: the thing followed; `background, mask alone`: what is found in the mask, as if it had been painted;
    `background, nothing told`. `thing moved by`: mean change of its pixels in levels, the same three times.
    """
    clip = clip_of(number, (motion,))
    plan = layout([clip], FRAMES)
    truth: Frames = renderer.render(plan)[0].permute(0, 2, 3, 1).contiguous().cpu().numpy()
    masks = renderer.masks(plan)[0, :, 0].cpu().numpy()
    noise = np.random.default_rng(number).normal(0, SHIMMER, truth.shape)
    video = mp4(np.rint(truth + noise).clip(0, 255).astype(np.uint8))
    seen = read_video(video)[0]
    boxes = _found(clip, masks[0])
    mask = MaskMaker().run({"boxes": boxes, "motion": grammar.canonical_motion(clip)}, 0, {}, Silent()).data
    row = {"background before": psnr(seen[~masks], truth[~masks])}
    for name, told in {"": {"boxes": boxes}, ", mask alone": {"mask": mask}, ", nothing told": {}}.items():
        inputs = {"video": video, "image": png(truth[0]), **told}
        made = read_video(BackgroundRefiner().run(inputs, 0, {}, Silent()).data)[0]
        row[f"background{name}"] = psnr(made[~masks], truth[~masks])
        row[f"thing moved by{name}"] = float(np.abs(made.astype(int) - seen)[masks].mean())
    return row


def _found(clip: Clip, shape: NDArray[np.bool_]) -> bytes:
    """The clip's thing as a perfect detector finds it."""
    thing = Thing(grammar.keywords(clip), 1.0, box_of(shape), run_lengths(shape))
    return Boxes(shape.shape[1], shape.shape[0], (thing,), (0,)).encode()


def _mask(boxes: bytes, motion: str, way: str) -> NDArray[np.bool_]:
    draft = MaskMaker().run({"boxes": boxes, "motion": motion}, 0, {"room": way}, Silent())
    return np.asarray(open_image(draft.data).convert("L")) > 127


def _share(mask: NDArray[np.bool_], thing: NDArray[np.bool_]) -> float:
    return float((mask & thing).sum() / max(1, thing.sum()))

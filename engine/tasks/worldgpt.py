"""WorldGPT: the last key frame is made too, by masked generation, and the video fills in between.

After Yang et al., "WorldGPT: A Sora-Inspired Video AI Agent as Rich World Models from Text and Image Inputs"
(arXiv:2403.07944). Each part of it can be left out, so that what it adds can be measured.
"""

from __future__ import annotations

from dataclasses import replace

from engine.tasks import parts
from engine.types import Need, Recipe, Request, Stage, Value

FIELDS = ("keywords", "state", "end", "motion", "avoid")
BOXES = Stage(
    "boxes",
    "Things",
    "detector",
    "boxes",
    (Need("image", "key_frame"), parts.said("words", "keywords")),
    parts.PROFILE,
    tries=1,
)
MASK = Stage(
    "mask",
    "Mask",
    "mask_maker",
    "mask",
    (Need("boxes", "boxes"), parts.said("motion"), parts.said("end")),
    parts.PROFILE,
    tries=1,
)
_CANDIDATES = {**parts.PROFILE, "takes": 2}
INPAINTED = Stage(
    "end_frame",
    "End frame",
    "inpainter",
    "image",
    (
        Need("image", "key_frame"),
        Need("mask", "mask"),
        parts.said("scene", "end"),
        parts.said("avoid"),
        Need("boxes", "boxes"),
        parts.said("motion"),
    ),
    _CANDIDATES,
)
EDITED = Stage(
    "end_frame",
    "End frame",
    "image_editor",
    "image",
    (Need("image", "key_frame"), parts.said("instruction", "end"), parts.said("avoid")),
    _CANDIDATES,
)
VIDEO = parts.moving("key_frame", scene="state")
BETWEEN = replace(VIDEO, needs=(*VIDEO.needs, Need("last_image", "end_frame")))
REFINED = Stage(
    "refined",
    "Refined background",
    "background_refiner",
    "video",
    (Need("video", "video"), Need("boxes", "boxes"), Need("mask", "mask"), Need("image", "key_frame")),
    parts.PROFILE,
    tries=1,
    optional=True,
)


def _stages(request: Request) -> tuple[Stage, ...]:
    plain: dict[str, Value] = {} if request.options["enhancer"] else {"writer": "as typed"}
    begun = (
        parts.fitted_picture("key_frame", "Key frame", "image"),
        parts.prompt(FIELDS, form="worldgpt", **plain),
    )
    if not request.options["end_frame"]:
        return (*begun, VIDEO)
    if not request.options["mask"]:
        return (*begun, EDITED, BETWEEN)
    return (*begun, BOXES, MASK, INPAINTED, BETWEEN, REFINED)


WORLDGPT = Recipe(
    name="worldgpt",
    title="WorldGPT",
    purpose="Upload a picture, say what becomes of it, approve how it ends, and see it get there.",
    asks=("prompt", "image"),
    takes=(),
    options={"enhancer": True, "mask": True, "end_frame": True},
    stages=_stages,
    jobs=("detector", "inpainter", "image_to_video"),
)

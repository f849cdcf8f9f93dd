"""The things' pictures: every noun in every colour, drawn once as a small sprite.

The outline and the soft halo, which keep a thing apart from any scene, are added to all alike.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from engine.pocket.drawings import DRAWINGS, shades
from engine.pocket.pen import Pen
from engine.pocket.vocabulary import COLOURS, NOUNS

SPRITE = 128
"""Edge of a sprite in pixels."""
BODY = 0.84
"""Share of the edge that the thing itself takes: the rest is outline, halo and air."""
_OVERSAMPLING = 4
_OUTLINE = 0.062
"""Width of the outline, where a thing's half width is 1."""

_RIM = 4
"""Pixels of sheer air at the edge, so that a sprite's quarter size still ends in air."""


def sprite(noun: str, colour: str) -> NDArray[np.uint8]:
    """One thing's picture: uint8 (SPRITE, SPRITE, 4), RGB premultiplied by alpha, air at the rim."""
    edge = SPRITE * _OVERSAMPLING
    hue = shades(colour)
    art = Image.new("RGBA", (edge, edge), (*hue.base, 0))
    pen = Pen(art, (edge / 2, edge / 2), edge * BODY / 2 * (1 - _OUTLINE / 2))
    DRAWINGS[noun](pen, hue)
    radius = pen.unit * _OUTLINE
    blurred = np.asarray(art.getchannel("A").filter(ImageFilter.GaussianBlur(radius)))
    outlined = Image.new("RGBA", art.size, (*hue.line, 0))
    outlined.putalpha(Image.fromarray(np.where(blurred > 20, 255, 0).astype(np.uint8)))
    outlined.alpha_composite(art)
    small = outlined.convert("RGBa").resize((SPRITE, SPRITE), Image.Resampling.BOX)
    picture = np.array(small, np.float32)
    halo = np.asarray(small.getchannel("a").filter(ImageFilter.GaussianBlur(2.6)), np.float32)
    picture[..., 3] += 0.3 * halo * (1 - picture[..., 3] / 255)
    framed = np.zeros_like(picture)
    framed[_RIM:-_RIM, _RIM:-_RIM] = picture[_RIM:-_RIM, _RIM:-_RIM]
    return framed.round().astype(np.uint8)


@cache
def sprites() -> NDArray[np.uint8]:
    """All sprites: uint8 (nouns * colours, SPRITE, SPRITE, 4); index = noun index * colours + colour index.

    Drawn once a process, a second long; not to be written to.
    """
    return np.stack([sprite(noun, colour) for noun in NOUNS for colour in COLOURS])

"""States of a world as files: a picture (PNG) that carries its words and its sound along.

Any program shows the picture. The words are a text of the PNG, `greenlight.words`; the sound is the levels of its
spectrogram, `greenlight.sound`; what is known of its things, `greenlight.known`. A picture without them is a state of
which none of this is known.
"""

from __future__ import annotations

import base64
import binascii
import io
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngImageFile, PngInfo

from engine.media.images import open_image

Levels = NDArray[np.float32]
"""A spectrogram, (bands, moments), 0 for silence, about 1 at the loudest."""
SHAPE: Final = (48, 32)
"""Of a sound's levels."""
_LOUDEST: Final = 1.25
_WORDS, _SOUND, _KNOWN = "greenlight.words", "greenlight.sound", "greenlight.known"
_CHARACTERS: Final = 2000
"""Longest text that is read."""


@dataclass(frozen=True, eq=False)
class State:
    """What is seen, said and heard at one moment of a world."""

    picture: Image.Image
    """RGB."""
    words: str = ""
    """What is there; empty where that is not known."""
    sound: Levels | None = None
    """The second that led to it; None where that is not known."""
    known: str = ""
    """What is known of its things (engine.pocket.worlds.recollection); empty where nobody remembers."""


def encode_state(state: State) -> bytes:
    """The state as a PNG; equal states give equal bytes."""
    carried = PngInfo()
    if state.words:
        carried.add_itxt(_WORDS, state.words)
    if state.known:
        carried.add_itxt(_KNOWN, state.known)
    if state.sound is not None:
        steps = np.clip(state.sound / _LOUDEST * 255, 0, 255).round().astype(np.uint8)
        carried.add_text(_SOUND, base64.b64encode(steps.tobytes()).decode())
    buffer = io.BytesIO()
    bare = Image.fromarray(np.asarray(state.picture.convert("RGB")))
    bare.save(buffer, "PNG", pnginfo=carried)
    return buffer.getvalue()


def decode_state(data: bytes) -> State:
    """A state from any picture: what it does not carry, or carries damaged, is not known. Raises ImageError."""
    picture = open_image(data)
    carried = _carried(data)
    words, known = (carried.get(name, "")[:_CHARACTERS] for name in (_WORDS, _KNOWN))
    return State(picture, words, _levels(carried.get(_SOUND, "")), known)


def _carried(data: bytes) -> dict[str, str]:
    """The texts of a PNG; none of a picture that is no PNG."""
    try:
        with PngImageFile(io.BytesIO(data)) as file:
            return {name: str(text) for name, text in file.text.items()}
    except (SyntaxError, ValueError, OSError):
        return {}


def _levels(text: str) -> Levels | None:
    try:
        steps = np.frombuffer(base64.b64decode(text, validate=True), np.uint8)
    except (binascii.Error, ValueError):
        return None
    if steps.size != SHAPE[0] * SHAPE[1]:
        return None
    return (steps.reshape(SHAPE).astype(np.float32) / 255 * _LOUDEST).astype(np.float32)

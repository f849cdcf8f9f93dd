"""A state's sound as a file: what was kept is played, silence is no file."""

from __future__ import annotations

import io
import wave

import numpy as np
import pytest
from PIL import Image

from engine.agents.audible import played
from engine.errors import ImageError
from engine.media.images import encode_png
from engine.media.states import State, encode_state
from engine.pocket.world import Clip
from engine.pocket.worlds.actions import Action
from engine.pocket.worlds.happening import Happening, Impact
from engine.pocket.worlds.sounds import RATE, SAMPLES, sound_of
from engine.pocket.worlds.spectra import heard_impact, spectrogram

PICTURE = Image.new("RGB", (8, 8))
NOWHERE = Clip((), "meadow", "still", "flat", 0)


def test_the_blow_that_a_state_carries_is_heard_in_its_file() -> None:
    blow = Impact("ball", "tree")
    levels = spectrogram(sound_of(Happening(NOWHERE, Action("left", "ball"), NOWHERE, blow)))
    with wave.open(io.BytesIO(played(encode_state(State(PICTURE, "", levels))))) as file:
        assert (file.getnchannels(), file.getframerate(), file.getnframes()) == (1, RATE, SAMPLES)
        samples = np.frombuffer(file.readframes(SAMPLES), "<i2") / 32767
    assert heard_impact(spectrogram(np.asarray(samples, np.float32))) == blow


def test_silence_and_what_carries_no_sound_are_no_file() -> None:
    assert played(encode_png(PICTURE)) == b""
    assert played(encode_state(State(PICTURE, "", np.zeros((48, 32), np.float32)))) == b""
    with pytest.raises(ImageError):
        played(b"none")

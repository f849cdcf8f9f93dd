"""A state's file is a picture that any program shows, with its words and its sound inside."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from engine.errors import ImageError
from engine.media.images import encode_png, open_image
from engine.media.states import SHAPE, State, decode_state, encode_state

PICTURE = Image.new("RGB", (24, 16), (200, 30, 30))


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=80))
@settings(max_examples=25)
def test_what_is_written_is_read_back(words: str) -> None:
    sound = np.linspace(0, 1.2, SHAPE[0] * SHAPE[1], dtype=np.float32).reshape(SHAPE)
    data = encode_state(State(PICTURE, words, sound))
    again = decode_state(data)
    assert again.words == words
    assert again.sound is not None
    assert np.abs(again.sound - sound).max() < 0.003
    assert encode_state(again) == data
    assert np.array_equal(np.asarray(open_image(data)), np.asarray(PICTURE))


def test_a_picture_alone_is_a_state_of_which_no_more_is_known() -> None:
    jpeg = io.BytesIO()
    PICTURE.save(jpeg, "JPEG")
    for data in (encode_png(PICTURE), jpeg.getvalue()):
        state = decode_state(data)
        assert (state.words, state.sound) == ("", None)


@pytest.mark.parametrize("sound", ["no base64!", "AAAA", ""])
def test_a_damaged_sound_is_not_known(sound: str) -> None:
    carried = PngInfo()
    carried.add_text("greenlight.sound", sound)
    file = io.BytesIO()
    PICTURE.save(file, "PNG", pnginfo=carried)
    assert decode_state(file.getvalue()).sound is None


def test_no_picture_is_no_state() -> None:
    with pytest.raises(ImageError):
        decode_state(b"no picture")

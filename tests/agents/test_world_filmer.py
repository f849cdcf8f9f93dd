"""The way to a state as a film: each state a second, and what was heard on the way."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from PIL import Image

from engine.agent import Draft, Input
from engine.agents.world_filmer import WorldFilmer
from engine.errors import DecisionError, ImageError
from engine.media.clips import probe
from engine.media.images import encode_png
from engine.media.states import State, encode_state
from engine.media.videos import read_video
from engine.pocket.worlds.sounds import sound_of
from engine.pocket.worlds.spectra import spectrogram
from engine.pocket.worlds.steps import sample_step
from engine.worlds import Transition, packed
from tests.fakes import FakeReporter

BEGINNING = encode_png(Image.new("RGB", (32, 32), (200, 0, 0)))
BLOW = spectrogram(sound_of(next(s for s in map(sample_step, range(99)) if s.impact)))
MIDDLE = encode_state(State(Image.new("RGB", (32, 32), (0, 200, 0)), "a thing", BLOW))
END = encode_state(State(Image.new("RGB", (32, 32), (0, 0, 200))))


def filmed(**inputs: Input) -> Draft:
    given: Mapping[str, Input] = {"image": BEGINNING, "state": END, **inputs}
    return WorldFilmer().run(given, 0, {}, FakeReporter())


def test_the_way_is_shown_state_by_state_with_its_sound() -> None:
    way = [Transition(BEGINNING, "it drops", MIDDLE), Transition(MIDDLE, "night falls", END)]
    draft = filmed(earlier=packed(way))
    frames, fps = read_video(draft.data)
    assert (len(frames), fps) == (24, 8)
    for frame, channel in ((4, 0), (15, 1), (23, 2)):
        seen = frames[frame].mean((0, 1))
        assert seen.argmax() == channel
        assert seen[channel] > 150
    assert probe(draft.data).sound is not None
    assert draft.facts["states"] == 3


def test_where_nothing_was_heard_there_is_no_sound() -> None:
    draft = filmed()
    assert probe(draft.data).sound is None
    assert draft.facts["states"] == 2


@pytest.mark.parametrize(
    ("inputs", "error"),
    [({"image": b"none"}, ImageError), ({"earlier": b"["}, DecisionError), ({"state": "x"}, DecisionError)],
)
def test_what_cannot_be_used_is_refused(inputs: dict[str, Input], error: type[Exception]) -> None:
    with pytest.raises(error):
        filmed(**inputs)

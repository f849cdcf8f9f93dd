"""The data of a run is decided by its numbers alone."""

from __future__ import annotations

import numpy as np

from engine.pocket.vocabulary import COLOURS, MOTIONS, NOUNS
from engine.pocket.world import is_held_out, sample_clip
from engine.train.stream import ClipStream, StreamOptions, make_chunk, truth


def test_the_same_chunk_is_the_same_data() -> None:
    options = StreamOptions(3, 5)
    first, second = make_chunk(options, 4), make_chunk(options, 4)
    assert first.start == 12
    assert np.array_equal(first.captions, second.captions)
    assert np.array_equal(first.layout.transforms, second.layout.transforms)


def test_processes_make_what_one_process_makes() -> None:
    ahead, here = ClipStream(StreamOptions(2, 1), 1), ClipStream(StreamOptions(2, 1), 0)
    try:
        for _ in range(3):
            assert np.array_equal(next(ahead).captions, next(here).captions)
    finally:
        ahead.close()
        here.close()


def test_captions_have_no_unknown_words_and_leave_room() -> None:
    captions = make_chunk(StreamOptions(64, 17), 0).captions
    assert np.mean(captions == 1) < 0.001, "only exclamation marks are unknown"
    assert np.mean(captions[..., -1] == 0) > 0.98


def test_truth_names_what_is_on_stage() -> None:
    for index in range(50):
        clip = sample_clip(index, held_out=False)
        rows = truth(clip)
        assert (rows[: len(NOUNS), 3] == 1).sum() == len(clip.things)
        for thing in clip.things:
            row = rows[NOUNS.index(thing.noun)]
            assert tuple(COLOURS)[row[0]] == thing.colour
            rolls_left = thing.motion == "roll" and thing.direction == "left"
            assert row[1] == (len(MOTIONS) if rolls_left else MOTIONS.index(thing.motion))
            assert (row[2] == -1) == (thing.motion == "still")


def test_held_out_chunks_share_no_thing_with_training() -> None:
    for index in range(50):
        for held_out in (True, False):
            clip = sample_clip(index, held_out)
            assert all(is_held_out(t.noun, t.colour, clip.scene) is held_out for t in clip.things)

"""The data of a run is decided by its numbers alone."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.pocket import grammar
from engine.pocket.render import Renderer, layout
from engine.pocket.vocabulary import COLOURS, MOTIONS, NOUNS, STYLES
from engine.pocket.world import is_held_out, sample_clip
from engine.train.components import tokenizer
from engine.train.stream import ClipStream, StreamOptions, Subject, make_chunk
from engine.train.truths import truth
from engine.train.views import show


def test_the_same_chunk_is_the_same_data() -> None:
    options = StreamOptions(3, 5)
    first, second = make_chunk(options, 4), make_chunk(options, 4)
    assert first.start == 12
    assert np.array_equal(first.captions["caption"], second.captions["caption"])
    assert np.array_equal(first.layout.transforms, second.layout.transforms)


def test_processes_make_what_one_process_makes() -> None:
    ahead, here = ClipStream(StreamOptions(2, 1), 1), ClipStream(StreamOptions(2, 1), 0)
    try:
        for _ in range(3):
            assert np.array_equal(next(ahead).captions["caption"], next(here).captions["caption"])
    finally:
        ahead.close()
        here.close()


@pytest.mark.parametrize("what", ["clips", "edits", "joins"])
def test_captions_have_no_unknown_words_and_leave_room(what: Subject) -> None:
    for captions in make_chunk(StreamOptions(64, 17, what=what, styled=0.3), 0).captions.values():
        assert np.mean(captions == 1) < 0.001, "only exclamation marks are unknown"
        assert np.mean(captions[..., -1] == 0) > 0.98


def test_of_an_image_only_the_scene_is_told_and_of_a_clip_its_end_too() -> None:
    image, clip = make_chunk(StreamOptions(8, 1), 0), make_chunk(StreamOptions(8, 17), 0)
    assert set(image.captions) == {"caption"}
    assert set(clip.captions) == {"caption", "end"}
    assert (image.captions["caption"] > 0).sum() < (clip.captions["caption"] > 0).sum()


def test_an_edit_comes_with_what_was_there_and_with_its_instruction() -> None:
    chunk = make_chunk(StreamOptions(12, 1, what="edits"), 0)
    assert set(chunk.captions) == {"caption", "instruction"}
    assert chunk.edited is not None
    assert len(chunk) == len(chunk.edited.clips) == len(chunk.edited.edits) == 12
    shown = show(chunk, Renderer("cpu", 96))
    assert shown.before is not None
    assert shown.region is not None
    differs = (shown.before.short() - shown.frames.short()).abs().amax(2) > 8
    assert differs.flatten(1).any(1).all(), "every edit changes something"
    assert (differs & ~shown.region).float().mean() < 0.001


@pytest.mark.parametrize("number", range(4))
def test_a_late_clip_shows_its_things_while_they_still_move_and_does_not_say_where(number: int) -> None:
    chunk = make_chunk(StreamOptions(6, 5, late=True), number)
    assert set(chunk.captions) == {"caption"}
    things = show(chunk, Renderer("cpu", 48)).things
    assert things.flatten(2).any(2).all(), "everything is on stage in every frame"
    told = [tokenizer(grammar.words()).decode(words) for words in chunk.captions["caption"][:, 0]]
    assert not any(place in text for text in told for place in ("on the left", "on the right", "at the top"))


def test_a_judge_is_not_asked_for_motions_that_are_over_in_a_late_clip() -> None:
    chunks = [make_chunk(StreamOptions(8, 1, late=True, worded=False), number) for number in range(8)]
    things = np.concatenate([chunk.truth[:, : len(NOUNS)] for chunk in chunks])
    asked = set(things[things[..., 3] == 1][:, 1])
    assert -1 in asked
    assert not asked & {MOTIONS.index(motion) for motion in ("grow", "shrink", "fall")}
    assert asked >= {MOTIONS.index(motion) for motion in ("still", "spin", "orbit", "bounce")}


def test_a_way_from_one_clip_to_another_begins_and_ends_with_them_alone() -> None:
    chunk = make_chunk(StreamOptions(2, 13, what="joins"), 0)
    renderer = Renderer("cpu", 48)
    shown = show(chunk, renderer).frames
    for row, way in enumerate(chunk.joined):
        first = renderer.render(layout([way.first], 4, way.start))[0]
        second = renderer.render(layout([way.second], 4))[0]
        assert torch.equal(shown[row, :4], first)
        assert torch.equal(shown[row, -4:], second)


def test_styles_are_told_to_the_judge_and_film_has_no_colours() -> None:
    for index in range(200):
        clip = sample_clip(index, held_out=False, styled=1.0)
        rows = truth(clip)
        assert STYLES[rows[-1, 0]] == clip.style
        coloured = (rows[: len(NOUNS), 0] >= 0).any()
        assert coloured == (clip.style != "film 1920s")


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

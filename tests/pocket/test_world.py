from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import combinations
from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import SettingError
from engine.pocket.vocabulary import CAMERAS, COLOURS, MOTIONS, NOUNS, SCENES, SIZES, STYLES
from engine.pocket.world import Clip, is_held_out, sample_clip

indices = st.integers(0, 10**9)


@given(indices, st.booleans())
def test_an_index_is_a_clip(index: int, held_out: bool) -> None:
    assert sample_clip(index, held_out) == sample_clip(index, held_out)


@given(indices, st.booleans(), st.sampled_from([None, 1, 2, 3]))
def test_held_out_triples_stay_on_their_side(index: int, held_out: bool, things: int | None) -> None:
    clip = sample_clip(index, held_out, things)
    assert {is_held_out(thing.noun, thing.colour, clip.scene) for thing in clip.things} == {held_out}
    assert things in (None, len(clip.things))


@given(indices, st.booleans())
def test_things_are_distinct_and_apart(index: int, held_out: bool) -> None:
    clip = sample_clip(index, held_out)
    for one, other in combinations(clip.things, 2):
        assert one.noun != other.noun
        assert one.depth != other.depth
        assert hypot(one.x - other.x, one.y - other.y) > 0.5 * (SIZES[one.size] + SIZES[other.size])


@given(indices)
def test_things_start_in_view_and_falls_start_high(index: int) -> None:
    for thing in sample_clip(index, False).things:
        assert 0.1 < thing.x < 0.9
        assert 0.1 < thing.y < 0.9
        assert thing.motion != "fall" or thing.y < 0.36
        assert thing.motion != "still" or thing.speed == "slow"


def test_about_a_tenth_is_held_out() -> None:
    triples = [(n, c, s) for n in NOUNS for c in COLOURS for s in SCENES]
    assert 0.08 < sum(is_held_out(*triple) for triple in triples) / len(triples) < 0.12
    for scene in SCENES:
        assert len({n for n in NOUNS for c in COLOURS if is_held_out(n, c, scene)}) >= 3


def test_the_mixture_is_as_told() -> None:
    clips: list[Clip] = [sample_clip(index, False) for index in range(3000)]
    counts = Counter(len(clip.things) for clip in clips)
    assert abs(counts[1] / 3000 - 0.45) < 0.04
    assert abs(counts[3] / 3000 - 0.1) < 0.03
    cameras = Counter(clip.camera for clip in clips)
    assert abs(cameras["still"] / 3000 - 0.75) < 0.04
    assert set(cameras) == set(CAMERAS)
    motions = Counter(thing.motion for clip in clips for thing in clip.things)
    assert set(motions) == set(MOTIONS)
    assert min(motions.values()) == motions["still"]
    assert {clip.scene for clip in clips} == set(SCENES)


def test_a_share_of_clips_is_styled_and_nothing_else_changes() -> None:
    plain = [sample_clip(index, False) for index in range(1500)]
    styled = [sample_clip(index, False, styled=0.4) for index in range(1500)]
    assert [replace(clip, style="flat") for clip in styled] == plain
    styles = Counter(clip.style for clip in styled)
    assert set(styles) == set(STYLES)
    assert abs(styles["flat"] / 1500 - 0.6) < 0.05
    assert all(0.04 < styles[style] / 1500 < 0.1 for style in STYLES[1:])


def test_four_things_are_too_many() -> None:
    with pytest.raises(SettingError, match="one to three"):
        sample_clip(0, False, things=4)

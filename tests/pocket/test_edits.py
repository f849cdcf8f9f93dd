"""An edit changes what it says and nothing else; its words lead back to it."""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import SettingError
from engine.pocket.edits import KINDS, Edit, apply, complete, instruction, read, sample_edit
from engine.pocket.grammar import canonical_scene, parse, words
from engine.pocket.vocabulary import COLOURS, POSITIONS, SIZES
from engine.pocket.world import Clip, is_held_out, sample_clip

indices = st.integers(0, 10**6)


def _edited(index: int, held_out: bool = False, things: int | None = None) -> tuple[Clip, Edit, Clip]:
    clip = sample_clip(index, held_out, things, styled=0.3)
    edit = sample_edit(clip, random.Random(index))
    return clip, edit, apply(edit, clip)


def _triples_held_out(clip: Clip) -> list[bool]:
    return [is_held_out(thing.noun, thing.colour, clip.scene) for thing in clip.things]


@given(indices, st.booleans())
@settings(deadline=None)
def test_an_edit_changes_one_thing_and_keeps_the_rest(index: int, held_out: bool) -> None:
    clip, edit, after = _edited(index, held_out)
    assert after != clip
    assert (after.camera, after.seed) == (clip.camera, clip.seed)
    kept = {thing.noun: thing for thing in after.things}
    for thing in clip.things:
        if thing.noun != edit.noun:
            assert kept[thing.noun] == thing
    if edit.kind in ("recolour", "replace", "resize"):
        before = next(thing for thing in clip.things if thing.noun == edit.noun)
        changed = kept[edit.other or before.noun]
        assert replace(changed, noun=before.noun, colour=before.colour, size=before.size) == before
    if edit.kind == "add":
        new = after.things[-1]
        assert (new.noun, new.colour, new.size, new.position) == (edit.noun, edit.colour, edit.size, edit.position)
        assert new.motion == "still"
        assert new.depth not in {thing.depth for thing in clip.things}


@given(indices)
@settings(deadline=None)
def test_training_never_sees_a_held_out_triple(index: int) -> None:
    assert not any(_triples_held_out(_edited(index)[2]))


def test_evaluation_mostly_ends_in_held_out_triples() -> None:
    outcomes = [_edited(index, held_out=True, things=1) for index in range(300)]
    told = [any(_triples_held_out(after)) for _, edit, after in outcomes if edit.kind not in ("remove", "scene")]
    assert sum(told) > 0.8 * len(told)


def test_every_kind_of_edit_is_drawn() -> None:
    kinds = Counter(_edited(index)[1].kind for index in range(700))
    assert set(kinds) == set(KINDS)
    assert min(kinds.values()) > 60


@given(indices, st.booleans())
@settings(max_examples=500, deadline=None)
def test_an_instruction_leads_back_to_its_edit(index: int, plain: bool) -> None:
    clip, edit, _ = _edited(index)
    text = instruction(edit, clip, random.Random(index), plain)
    for found in (None, parse(canonical_scene(clip))):
        order = read(text, found)
        assert (order.edit, order.unknown, order.notes) == (edit, (), ()), text


@given(indices)
@settings(max_examples=300, deadline=None)
def test_instructions_use_the_listed_words_only(index: int) -> None:
    clip, edit, _ = _edited(index)
    text = instruction(edit, clip, random.Random(index))
    assert set(re.findall(r"[a-z]+", text)) <= set(words())
    assert not re.search(r"[^a-z ,.;:!]|  | [,.;:]|\ba [aeio]", text), text


def test_no_colour_is_changed_where_none_is_seen() -> None:
    clip = replace(sample_clip(0, False), style="film 1920s")
    assert "recolour" not in {sample_edit(clip, random.Random(index)).kind for index in range(100)}


def test_there_are_many_instructions_for_an_edit() -> None:
    clip = sample_clip(3, False, things=2)
    for edit in (sample_edit(clip, random.Random(index)) for index in range(20)):
        assert len({instruction(edit, clip, random.Random(index)) for index in range(200)}) > 12


SEEN = parse("a small red ball on the left and a large blue car on the right in a meadow")
ALONE = parse("a small red ball on the left in a meadow")


@pytest.mark.parametrize(
    ("text", "edit"),
    [
        ("make the ball green", Edit("recolour", "ball", colour="green")),
        ("Turn the car into a boat!", Edit("replace", "car", other="boat")),
        ("make it night", Edit("scene", scene="night")),
        ("remove the star", Edit("remove", "star")),
        ("in digital world style", Edit("style", style="voxel")),
        ("change the red ball from red to blue", Edit("recolour", "ball", colour="blue")),
        ("make the ball yellow instead of red", Edit("recolour", "ball", colour="yellow")),
        ("replace the blue one with a house", Edit("replace", "car", other="house")),
        ("I want the car to be a rocket", Edit("replace", "car", other="rocket")),
        ("could you make the ball much bigger?", Edit("resize", "ball", size="large")),
        ("shrink the car", Edit("resize", "car", size="small")),
        ("add a star next to the ball", Edit("add", "star")),
        ("add a yellow star at the top", Edit("add", "star", colour="yellow", position="top")),
        ("put a tree where the car is", Edit("replace", "car", other="tree")),
        ("put everything on the moon", Edit("scene", scene="space")),
        ("let it snow", Edit("scene", scene="snow")),
        ("make it dark", Edit("scene", scene="night")),
        ("get rid of the automobile", Edit("remove", "car")),
        ("turn it into pixel art", Edit("style", style="pixel art")),
    ],
)
def test_ordinary_orders_are_understood(text: str, edit: Edit) -> None:
    order = read(text, SEEN)
    assert (order.edit, order.unknown) == (edit, ())


@pytest.mark.parametrize(
    ("text", "edit"),
    [
        ("make it green", Edit("recolour", "ball", colour="green")),
        ("make it bigger", Edit("resize", "ball", size="large")),
        ("turn it into a boat", Edit("replace", "ball", other="boat")),
        ("make it a heart", Edit("replace", "ball", other="heart")),
    ],
)
def test_it_means_the_only_thing(text: str, edit: Edit) -> None:
    assert read(text, ALONE).edit == edit
    assert read(text, SEEN).edit is None


@pytest.mark.parametrize(
    ("text", "unknown", "note"),
    [
        ("make the ball turquoise and shimmering", ("shimmering",), ""),
        ("give the spaceman a hat", ("spaceman", "hat"), ""),
        ("make the ball bounce quickly", (), "keeps how things move"),
        ("remove the star", (), "does not seem to show a star"),
        ("turn the ball into a car", (), "there is a car already"),
        ("make it night and remove the ball", (), "One change at a time"),
        ("turn the ball into a green star", (), "takes over the ball's colour"),
        ("", (), ""),
    ],
)
def test_what_is_not_done_is_said(text: str, unknown: tuple[str, ...], note: str) -> None:
    order = read(text, SEEN)
    assert order.unknown == unknown
    assert note in " ".join(order.notes)


@given(st.text(max_size=200))
@settings(deadline=None)
def test_any_text_can_be_read_as_an_order(text: str) -> None:
    order = read(text)
    assert order.edit is None or order.edit.kind in KINDS


@given(indices)
@settings(deadline=None)
def test_a_half_said_addition_is_completed(seed: int) -> None:
    edit = complete(Edit("add", "star", colour="pink"), SEEN, random.Random(seed))
    assert (edit.noun, edit.colour) == ("star", "pink")
    assert edit.size in SIZES
    assert edit.position in set(POSITIONS) - {"left", "right"}
    assert complete(Edit("add", "star"), SEEN, random.Random(seed)).colour in set(COLOURS) - {"red", "blue"}
    assert complete(Edit("remove", "star"), SEEN, random.Random(seed)) == Edit("remove", "star")


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (Edit("remove", "snowman"), "does not show"),
        (Edit("recolour", "ball"), "leaves open"),
        (Edit("replace", "ball", other="car"), "each kind of thing once"),
        (Edit("add", "ball", "red", size="small", position="top"), "each kind of thing once"),
        (Edit("sing", "ball"), "no such edit"),
    ],
)
def test_an_edit_that_does_not_fit_is_refused(edit: Edit, message: str) -> None:
    things = tuple(
        replace(thing, noun=noun)
        for thing, noun in zip(sample_clip(0, False, things=2).things, ("ball", "car"), strict=True)
    )
    with pytest.raises(SettingError, match=message):
        apply(edit, replace(sample_clip(0, False), things=things))


def test_a_fourth_thing_is_too_many() -> None:
    clip = sample_clip(0, False, things=3)
    with pytest.raises(SettingError, match="at most three"):
        apply(Edit("add", _absent(clip), "red", size="small", position="top"), clip)


def _absent(clip: Clip) -> str:
    return next(noun for noun in ("ball", "car", "star", "fish") if noun not in {t.noun for t in clip.things})


def test_a_kind_that_shall_come_more_often_does() -> None:
    clips = [sample_clip(index, False) for index in range(300)]
    often = [sample_edit(clip, random.Random(clip.seed), {"style": 4.0}).kind for clip in clips].count("style")
    alike = [sample_edit(clip, random.Random(clip.seed)).kind for clip in clips].count("style")
    assert often > 1.8 * alike

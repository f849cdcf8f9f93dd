from __future__ import annotations

import random
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.pocket import wordings
from engine.pocket.grammar import (
    Found,
    canonical_motion,
    canonical_scene,
    motion_caption,
    parse,
    scene_caption,
    words,
)
from engine.pocket.world import Clip, sample_clip

CLIPS = 500
FACTS = ("colour", "size", "motion", "speed", "position", "direction")


def _contradictions(clip: Clip, found: Found, complete: bool) -> list[tuple[str, ...]]:
    """Where a reading departs from the clip; complete: what was left unsaid counts too."""
    wrong: list[tuple[str, ...]] = [("unknown", *found.unknown)] if found.unknown else []
    read = {thing.noun: thing for thing in found.things}
    if sorted(read) != sorted(thing.noun for thing in clip.things):
        return [*wrong, ("nouns", *read)]
    for thing in clip.things:
        for fact in FACTS:
            truth = None if (fact, thing.motion) == ("speed", "still") else getattr(thing, fact)
            said = getattr(read[thing.noun], fact)
            if said != truth and (complete or said is not None):
                wrong.append((thing.noun, fact, str(said)))
    for fact in ("scene", "camera"):
        said = getattr(found, fact)
        if said != getattr(clip, fact) and (complete or said is not None):
            wrong.append((fact, str(said)))
    return wrong


def test_the_plain_wording_comes_back_whole() -> None:
    for index in range(CLIPS):
        clip = sample_clip(index, False)
        text = f"{canonical_scene(clip)}. {canonical_motion(clip)}"
        assert not _contradictions(clip, parse(text), complete=True), text


@pytest.mark.parametrize("held_out", [False, True])
def test_free_wordings_come_back_true(held_out: bool) -> None:
    failures: list[str] = []
    for index in range(CLIPS):
        clip, rng = sample_clip(index, held_out), random.Random(index)
        scene, motion = scene_caption(clip, rng, held_out), motion_caption(clip, rng, held_out)
        read = parse(scene)
        moved = parse(motion)
        fine = read.scene == clip.scene and all(thing.colour for thing in read.things)
        fine = fine and all(thing.motion for thing in moved.things)
        fine = fine and (moved.camera == clip.camera or clip.camera == "still")
        texts = (scene, motion, f"{scene} {motion}" if scene[-1] in ".!" else f"{scene}. {motion}")
        if not fine or any(_contradictions(clip, parse(text), complete=False) for text in texts):
            failures.append(f"{scene} | {motion}")
    assert len(failures) <= 0.02 * CLIPS, failures[:5]


@given(st.integers(0, 10**6), st.booleans())
@settings(deadline=None)
def test_captions_use_the_listed_words_only(index: int, held_out: bool) -> None:
    clip, rng = sample_clip(index, False, styled=0.5), random.Random(index)
    texts = (scene_caption(clip, rng, held_out), motion_caption(clip, rng, held_out))
    for text in (*texts, canonical_scene(clip), canonical_motion(clip)):
        assert text == text.lower()
        assert set(re.findall(r"[a-z]+", text)) <= set(words())
        assert not re.search(r"[^a-z ,.;:!]|  | [,.;:]", text), text


@pytest.mark.parametrize("held_out", [False, True])
def test_a_style_is_told_and_read_back_with_all_else(held_out: bool) -> None:
    for index in range(CLIPS):
        clip = sample_clip(index, held_out, styled=1.0)
        for text in (canonical_scene(clip), scene_caption(clip, random.Random(index), held_out)):
            found = parse(text)
            assert found.style == clip.style, text
            assert not _contradictions(clip, found, complete=False), text


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("a red ball in digital world style", "voxel"),
        ("a digital world with a car", "voxel"),
        ("a cyberpunk city with a car", "neon"),
        ("a low-poly fish at sea", "low-poly"),
        ("an 8-bit rocket, like an old video game", "pixel art"),
        ("a black and white film of a house", "film 1920s"),
        ("a pencil drawing of a tree", "pencil"),
        ("in a short film the ball bounces", None),
        ("a flat design with a star", "flat"),
    ],
)
def test_ordinary_words_for_styles(text: str, style: str | None) -> None:
    found = parse(text)
    assert (found.style, found.unknown) == (style, ())


@given(st.integers(0, 10**6))
@settings(deadline=None)
def test_an_empty_stage_can_be_told(index: int) -> None:
    clip, rng = replace(sample_clip(index, False), things=()), random.Random(index)
    for text in (scene_caption(clip, rng), canonical_scene(clip)):
        found = parse(text)
        assert (found.things, found.scene, found.unknown) == ((), clip.scene, ())
    for text in (motion_caption(clip, rng), canonical_motion(clip)):
        assert "nothing mov" in text
        assert parse(text).camera in (None, clip.camera)


def test_there_are_many_wordings_and_the_held_out_ones_are_others() -> None:
    clip = sample_clip(1, False, things=2)
    rng = random.Random(0)
    assert len({scene_caption(clip, rng) for _ in range(300)}) > 250
    assert len({motion_caption(clip, rng) for _ in range(300)}) > 250
    assert not set(wordings.SCENE_TEMPLATES) & set(wordings.HELD_OUT_SCENE_TEMPLATES)
    assert not set(wordings.MOTION_TEMPLATES) & set(wordings.HELD_OUT_MOTION_TEMPLATES)
    assert list(words()) == sorted(set(words()))
    assert len(words()) < 1200


@pytest.mark.parametrize(
    ("text", "things"),
    [
        (
            "A red ball bounces next to a blue car driving left in the snow.",
            "ball red bounce -, car blue left -",
        ),
        ("the car, which is blue, drives slowly to the right", "car blue right slow"),
        ("a house, and a large ball that is blue inside", "house - - -, ball blue - -"),
        ("a red car next to a blue house moves to the right", "car red right -, house blue - -"),
        ("a spinning blue star and a bouncing green ball", "star blue spin -, ball green bounce -"),
        ("a red ball and a blue cube. they both fall down quickly", "ball red fall quick, cube blue fall quick"),
        ("a crimson sphere hops while the camera slowly zooms in", "ball red bounce -"),
        ("a large red ball rolling right and a small blue one rolling left", "ball red roll -, ball blue roll -"),
        ("A little girl with a red balloon walks through the park", "balloon red - -"),
        ("a green meadow with a white house", "house white - -"),
        ("a goldfish swims from right to left", "fish - left -"),
        ("a rocket takes off", "rocket - up -"),
        ("a dark blue bird quickly grows bigger", "bird blue grow quick"),
        ("a ball and a star are spinning", "ball - spin -, star - spin -"),
        ("The sun rises over the ocean and a boat sails", "boat - right -"),
        ("", ""),
    ],
)
def test_ordinary_english_is_bound_to_the_right_thing(text: str, things: str) -> None:
    read = [f"{t.noun} {t.colour or '-'} {t.motion or '-'} {t.speed or '-'}" for t in parse(text).things]
    assert ", ".join(read) == things


@pytest.mark.parametrize(
    ("text", "scene", "camera", "unknown"),
    [
        ("an astronaut rides a horse on the moon", "space", None, ("astronaut", "horse")),
        ("a boat on the ocean, the camera pans to the left", "sea", "pan left", ()),
        ("downtown, static camera, a cat", "city", "still", ("cat",)),
        ("a heart in the living room. zoom out", "room", "zoom out", ()),
        ("a falling star in the night sky", "night", None, ()),
    ],
)
def test_scene_camera_and_unknown_words(
    text: str, scene: str | None, camera: str | None, unknown: tuple[str, ...]
) -> None:
    found = parse(text)
    assert (found.scene, found.camera, found.unknown) == (scene, camera, unknown)


@given(st.text(max_size=300))
@settings(deadline=None)
def test_any_text_can_be_read(text: str) -> None:
    assert len(parse(text).things) <= len(text)

"""A recipe goes into a video and comes out as it was; whatever else is in such a file is refused."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import VideoError
from engine.media.limits import RecipeLimits
from engine.media.recipes import KEY, embed, extract, from_json, to_json
from engine.media.videos import encode_video, read_video
from tests.media.pictures import clip, flat_art, saved

VIDEO = encode_video(clip(3, 32), 8)
RECIPE: dict[str, Any] = {
    "prompt": "a red ball 🎈 كرة حمراء כדור",
    "awkward": "=;#\\ \n;FFMETADATA1\n[CHAPTER]\r\n\t\x00 'quoted' \"twice\"",
    "seeds": [7, 2**53, -1.5e-9, True, None],
    "settings": {"video": {"steps": 8}},
}

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
plain = (
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False) | texts
)
recipes = st.dictionaries(
    texts, st.recursive(plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3)),
    max_size=5,
)  # fmt: skip


def test_a_recipe_survives_the_video() -> None:
    assert extract(embed(VIDEO, RECIPE)) == RECIPE


@settings(max_examples=25, deadline=None)
@given(recipes)
def test_any_recipe_survives_the_video(recipe: dict[str, Any]) -> None:
    assert extract(embed(VIDEO, recipe)) == recipe


@given(recipes)
def test_any_recipe_survives_the_file_beside_the_video(recipe: dict[str, Any]) -> None:
    assert extract(to_json(recipe).encode()) == recipe


def test_a_large_recipe_survives_the_video() -> None:
    recipe = {"prompt": "a red ball; " * 60_000}
    assert extract(embed(VIDEO, recipe)) == recipe


def test_the_pictures_are_not_touched() -> None:
    with_recipe, fps = read_video(embed(VIDEO, RECIPE))
    without, same_fps = read_video(VIDEO)
    assert np.array_equal(with_recipe, without)
    assert fps == same_fps


def test_embedding_is_the_same_each_time_and_keeps_the_index_in_front() -> None:
    once = embed(VIDEO, RECIPE)
    assert once == embed(VIDEO, RECIPE)
    assert once.index(b"moov") < once.index(b"mdat")


def test_a_second_recipe_replaces_the_first() -> None:
    assert extract(embed(embed(VIDEO, RECIPE), {"seed": 1})) == {"seed": 1}


def test_the_key_is_there_for_other_programs() -> None:
    assert KEY.encode() in embed(VIDEO, RECIPE)


def test_a_video_without_a_recipe_says_so() -> None:
    with pytest.raises(VideoError, match=r"carries no recipe.*Greenlight"):
        extract(VIDEO)


def test_a_picture_or_nothing_holds_no_recipe() -> None:
    with pytest.raises(VideoError, match=r"holds no recipe.*PNG"):
        extract(saved(flat_art(), "PNG"))
    with pytest.raises(VideoError, match="empty"):
        extract(b"")


@pytest.mark.parametrize("cut", [40, 300])
def test_a_video_cut_short_is_refused(cut: int) -> None:
    with pytest.raises(VideoError):
        extract(embed(VIDEO, RECIPE)[:cut])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b'{"a": NaN}', "not JSON"),
        (b'{"a": 1', "not JSON"),
        (b'{"a": "\\ud83c"}', "not JSON"),
        (b'{"a": "\xff\xfe"}', "not JSON"),
        (b'{"a": ' + b"9" * 5000 + b"}", "not JSON"),
        (b'{"a": ' * 33 + b"1" + b"}" * 33, "too deep.*32 levels"),
        (b'{"a":' * 100_000, "too deep"),
        (b"[1, 2]", "not a JSON object.*list"),
        (b'"a"', "not a JSON object"),
        (b'{"a": "' + b"x" * 2**20 + b'"}', "too large.*1.0 MB"),
    ],
    ids=["nan", "cut", "half emoji", "latin", "huge number", "deep", "very deep", "list", "text", "large"],
)  # fmt: skip
def test_hostile_json_is_refused(text: bytes, words: str) -> None:
    with pytest.raises(VideoError, match=words):
        from_json(text)


@pytest.mark.parametrize("text", ['{"a": NaN}', "[" * 5000, '{"a": 1', "null", ""])
def test_hostile_json_inside_a_video_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("engine.media.recipes.to_json", lambda *_: text)
        video = embed(VIDEO, {})
    with pytest.raises(VideoError):
        extract(video)


@pytest.mark.parametrize("recipe", [{"a": {1, 2}}, {"a": b"bytes"}, {"a": float("inf")}, {"a": "\ud83c"}])
def test_what_is_not_json_is_not_embedded(recipe: dict[str, Any]) -> None:
    with pytest.raises(VideoError, match="JSON"):
        embed(VIDEO, recipe)


def test_a_recipe_over_the_limit_is_not_embedded() -> None:
    with pytest.raises(VideoError, match="too large"):
        embed(VIDEO, {"a": "x" * 100}, RecipeLimits(size_bytes=100))


def test_a_byte_order_mark_does_no_harm() -> None:
    assert extract(b"\xef\xbb\xbf" + json.dumps(RECIPE).encode()) == RECIPE

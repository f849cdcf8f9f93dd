"""What a training step is told and asked: which places are given, seen and hidden, in which words."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given as for_all
from hypothesis import strategies as st

from engine.pocket.given import HIDDEN, KEPT, SHOWN
from engine.train.conditions import LONGEST_CONTEXT, Ways, changed, frame_roles, loosen
from engine.train.lessons import lesson
from engine.train.pool import Batch

CPU = torch.device("cpu")


def batch(frames: int = 5, clips: int = 64) -> Batch:
    """Clips whose latents are 1 after an edit and -1 before, changed in one corner."""
    after = torch.ones((clips, 2, frames, 4, 4))
    region = torch.zeros((clips, 1, frames, 4, 4))
    region[..., :1, :1] = 1
    tensors = {
        "latents": after,
        "before": torch.where(region > 0, -1.0, after),
        "region": region,
        "things": region,
        "foreign": torch.zeros(clips),
    }
    words = {"caption": 1, "instruction": 2, "end": 3}
    return Batch(tensors, {name: torch.full((clips, 6), word) for name, word in words.items()})


@for_all(st.integers(5, 30), st.integers(0, 2**31))
def test_known_frames_stand_at_the_ends_and_never_fill_a_clip(frames: int, seed: int) -> None:
    torch.manual_seed(seed)
    roles = frame_roles(64, frames, Ways(), CPU)[:, 0, :, 0, 0]
    for row in roles.tolist():
        assert set(row) <= {KEPT, HIDDEN}
        assert HIDDEN in row
        inner = row[row.index(HIDDEN) : len(row) - row[::-1].index(HIDDEN)]
        assert KEPT not in inner
        assert row.count(KEPT) <= 2 * LONGEST_CONTEXT


@pytest.mark.parametrize(
    ("ways", "head", "tail"),
    [
        (Ways(1, 0, 0, 0, 0), {1}, {0}),
        (Ways(0, 1, 0, 0, 0), {1}, {1}),
        (Ways(0, 0, 1, 0, 0), {2, 3, 4, 5, 6}, {0}),
        (Ways(0, 0, 0, 1, 0), {0}, {2, 3, 4, 5, 6}),
        (Ways(0, 0, 0, 0, 1), {2, 3, 4, 5, 6}, {2, 3, 4, 5, 6}),
        (Ways(0, 0, 0, 0, 0), {0}, {0}),
    ],
)
def test_each_way_of_giving_frames(ways: Ways, head: set[int], tail: set[int]) -> None:
    torch.manual_seed(0)
    rows = frame_roles(400, 17, ways, CPU)[:, 0, :, 0, 0].tolist()
    assert {row.index(HIDDEN) for row in rows} == head
    assert {row[::-1].index(HIDDEN) for row in rows} == tail


def test_an_image_has_no_known_frame() -> None:
    assert (frame_roles(64, 1, Ways(), CPU) == HIDDEN).all()


def test_a_loose_region_holds_the_strict_one() -> None:
    region = batch().tensors["region"]
    for seed in range(20):
        torch.manual_seed(seed)
        assert (loosen(region) >= region).all()


def test_an_edit_that_is_seen_shows_what_was_and_one_that_is_hidden_does_not() -> None:
    torch.manual_seed(1)
    drawn = batch()
    seen = torch.arange(64) % 2 == 0
    told = changed(drawn.tensors["before"], drawn.tensors["latents"], drawn.tensors["region"], seen)
    corner = told.roles[:, 0, 2, 0, 0]
    assert (corner[seen] == SHOWN).all()
    assert (corner[~seen] == HIDDEN).all()
    assert (told.latents[seen][:, 0, 2, 0, 0] < -0.5).all()
    assert (told.latents[~seen][:, 0, 2, 0, 0] == 0).all()
    assert {KEPT} < set(told.roles[:, 0, 0, 0, 0].tolist())  # some have their first frame done


def test_edits_are_told_as_instructions_when_seen_and_as_descriptions_when_not() -> None:
    torch.manual_seed(2)
    asked = lesson("edit", batch(), drop_text=0.3)
    corner = asked.given.roles[:, 0, 2, 0, 0]
    words = asked.tokens[:, 0]
    assert set(words[corner == SHOWN].tolist()) == {0, 2}
    assert set(words[corner == HIDDEN].tolist()) == {0, 1}
    unchanged = (words == 0) & (corner == SHOWN)
    assert (asked.target[unchanged][..., 0, 0] == -1).all()
    assert (asked.target[~unchanged] == 1).all()


def test_the_end_is_made_from_the_first_frame_with_the_way_hidden() -> None:
    drawn = batch()
    drawn.tensors["latents"][:, :, -1] = 5
    asked = lesson("end", drawn, drop_text=0.0)
    assert asked.target.shape[2] == 1
    assert (asked.target == 5).all()
    assert (asked.given.roles[..., 0, 0] == HIDDEN).all()
    assert (asked.tokens == 3).all()


def test_joining_knows_both_ends() -> None:
    asked = lesson("join", batch(frames=17), drop_text=0.0)
    assert (asked.given.roles[:, :, 0] == KEPT).all()
    assert (asked.given.roles[:, :, -1] == KEPT).all()
    assert (asked.given.roles[:, :, 8] == HIDDEN).all()


def test_of_a_clip_before_a_foreign_backdrop_something_is_always_given() -> None:
    drawn = batch(frames=17)
    drawn.tensors["foreign"][:] = 1
    asked = lesson("make", drawn, drop_text=0.0)
    assert (asked.given.roles == KEPT).flatten(1).any(1).all()

"""Outside of an edit's region nothing changes; inside something does."""

from __future__ import annotations

import random

import pytest

from engine.pocket.edits import Edit, apply, sample_edit
from engine.pocket.region import regions
from engine.pocket.render import Renderer, layout
from engine.pocket.world import sample_clip


@pytest.mark.parametrize("styled", [0.0, 1.0])
def test_what_lies_outside_stays_and_something_inside_changes(renderer: Renderer, styled: float) -> None:
    clips = [sample_clip(index, False, styled=styled) for index in range(24)]
    edits = [sample_edit(clip, random.Random(index)) for index, clip in enumerate(clips)]
    after = [apply(edit, clip) for edit, clip in zip(edits, clips, strict=True)]
    region = regions(renderer, clips, edits, 3)
    before, now = (renderer.render(layout(some, 3)).int() for some in (clips, after))
    change = (before - now).abs().amax(2)
    for edit, place, differs in zip(edits, region, change, strict=True):
        outside = differs[~place]
        assert len(outside) == 0 or (outside > 12).float().mean() < 0.01, edit
        assert differs[place].max() > 20, edit
        assert place.all() == (edit.kind in ("scene", "style"))


def test_a_removed_thing_leaves_its_place_and_a_new_one_takes_its(renderer: Renderer) -> None:
    clip = sample_clip(5, False, things=1)
    thing = clip.things[0]
    absent = "boat" if thing.noun != "boat" else "car"
    edits = [Edit("remove", thing.noun), Edit("add", absent, colour="red", size="small", position="top")]
    removed, added = regions(renderer, [clip, clip], edits, 2)
    masks = renderer.masks(layout([clip], 2))[0, :, 0]
    assert removed[masks].all()
    assert added[:, 20, 48].all()
    assert removed.float().mean() < 0.4

"""A clip goes on: new frames only, forwards and backwards, with its colours."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.agent import Draft, Input
from engine.agents.extender import Extender
from engine.errors import DecisionError, SettingError, TakeCancelled, VideoError
from engine.media.videos import read_video
from engine.models.lease import Lease
from engine.types import Settings
from tests.agents.twin import WORDS, Echo, Listener, clip

QUICK: Settings = {"steps": 2, "frames": 9}


def extended(lease: Lease, settings: Settings, seed: int = 5, **more: Input) -> Draft:
    inputs: dict[str, Input] = {"clip": clip(9), **WORDS, **more}
    return Extender(lease).run(inputs, seed, {**QUICK, **settings}, Listener())


@pytest.mark.parametrize("direction", ["forwards", "backwards"])
def test_only_the_new_frames_come_back(lease: Lease, direction: str) -> None:
    draft = extended(lease, {"direction": direction, "context": 3})
    frames, fps = read_video(draft.data)
    assert frames.shape == (6, 32, 32, 3)
    assert (fps, draft.facts["frames"], draft.facts["seconds"]) == (8, 6, 0.75)
    assert (draft.settings["direction"], draft.settings["context"], draft.settings["frames"]) == (direction, 3, 9)


def test_forwards_it_sees_the_end_of_the_clip_and_backwards_its_beginning(lease: Lease, tmp_path: Path) -> None:
    frames, _ = read_video(clip(9))
    for direction, seen, at in (("forwards", frames[-3:], (0, 1, 2)), ("backwards", frames[:3], (6, 7, 8))):
        echo = Echo()
        draft = extended(echo.lease(tmp_path), {"direction": direction, "context": 3})
        known = echo.told[0]["known"]
        assert tuple(known) == at
        assert (np.stack([np.asarray(known[index]) for index in at]) == seen).all()
        touching = read_video(draft.data)[0][0 if direction == "forwards" else -1]
        assert np.abs(touching.astype(int) - seen[-1 if direction == "forwards" else 0]).mean() < 2


@pytest.mark.parametrize("direction", ["forwards", "backwards"])
def test_what_stands_still_stays_as_sharp_as_the_clip(lease: Lease, tmp_path: Path, direction: str) -> None:
    frames, _ = read_video(clip(9))
    beside, seam = (0, frames[-1]) if direction == "forwards" else (-1, frames[0])
    apart = []
    for matched in (True, False):
        told: Settings = {"direction": direction, "match_colour": matched}
        made = read_video(extended(Echo(soft=True).lease(tmp_path), told).data)[0][beside]
        apart.append(np.abs(made.astype(int) - seam).mean())
    assert apart[0] < apart[1] / 2


def test_a_clip_shorter_than_the_context_gives_what_it_has(lease: Lease) -> None:
    draft = extended(lease, {"context": 5}, clip=clip(2))
    assert (draft.settings["context"], draft.facts["frames"]) == (2, 7)


def test_the_same_seed_gives_the_same_bytes(lease: Lease) -> None:
    assert extended(lease, {}, seed=3).data == extended(lease, {}, seed=3).data
    assert extended(lease, {}, seed=3).data != extended(lease, {}, seed=4).data


def test_the_anchors_colours_are_kept(lease: Lease) -> None:
    free = read_video(extended(lease, {"match_colour": False}).data)[0].mean()
    held = read_video(extended(lease, {}, anchor=clip(9)).data)[0].mean()
    assert abs(held - free) > 0.5, "the untrained twin shifts colours, and something is done about it"


def test_it_tells_every_step_and_stops_at_one(lease: Lease) -> None:
    listener = Listener()
    Extender(lease).run({"clip": clip(9), **WORDS}, 1, QUICK, listener)
    assert [p.step for p, _ in listener.reports if p.steps] == [0, 1, 2]
    assert all(preview for p, preview in listener.reports if p.step)
    listener = Listener(cancel_at=1)
    with pytest.raises(TakeCancelled):
        Extender(lease).run({"clip": clip(9), **WORDS}, 1, {**QUICK, "steps": 6}, listener)
    assert max(p.step for p, _ in listener.reports) == 1


@pytest.mark.parametrize(
    "settings", [{"direction": "sideways"}, {"context": 0}, {"context": 9}, {"context": 2.5}, {"frames": 10}]
)
def test_settings_that_cannot_be_are_refused(lease: Lease, settings: Settings) -> None:
    with pytest.raises(SettingError):
        extended(lease, settings)


def test_what_is_no_video_is_refused(lease: Lease) -> None:
    with pytest.raises(DecisionError):
        extended(lease, {}, clip="words")
    with pytest.raises(VideoError):
        extended(lease, {}, clip=np.arange(9, dtype=np.uint8).tobytes())

"""From the end of one clip to the beginning of another: the frames between, and no others."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.agent import Draft, Input
from engine.agents.connector import Connector, cross_fade
from engine.errors import SettingError, TakeCancelled
from engine.media.videos import encode_video, read_video
from engine.models.lease import Lease
from engine.types import Settings
from tests.agents.twin import Echo, Listener, clip

QUICK: Settings = {"steps": 2, "frames": 9, "context": 2}
ENDS: dict[str, Input] = {"clip": clip(6), "second_clip": clip(6, start=12, ground=(40, 60, 160))}
WORDS: dict[str, Input] = {"transition": "a red ball; then a blue ball", "avoid": ""}


def connected(lease: Lease, settings: Settings | None = None, seed: int = 5) -> Draft:
    return Connector(lease).run({**ENDS, **WORDS}, seed, {**QUICK, **(settings or {})}, Listener())


@pytest.mark.parametrize("method", ["generated", "cross-fade"])
def test_only_the_frames_between_come_back(lease: Lease, method: str) -> None:
    draft = connected(lease, {"method": method})
    frames, fps = read_video(draft.data)
    assert (frames.shape, fps) == ((5, 32, 32, 3), 8)
    assert (draft.facts["frames"], draft.settings["method"], draft.settings["context"]) == (5, method, 2)
    assert draft.model == ("pocket" if method == "generated" else None)


def test_the_model_sees_the_end_of_one_and_the_beginning_of_the_other(tmp_path: Path, lease: Lease) -> None:
    echo = Echo()
    draft = connected(echo.lease(tmp_path))
    known = echo.told[0]["known"]
    seen = np.stack([np.asarray(known[index]) for index in (0, 1, 7, 8)])
    first, second = (read_video(bytes(end))[0] for end in (ENDS["clip"], ENDS["second_clip"]) if isinstance(end, bytes))
    assert sorted(known) == [0, 1, 7, 8]
    assert (seen == np.concatenate([first[-2:], second[:2]])).all()
    assert echo.told[0]["prompt"] == "a red ball; then a blue ball"
    frames = read_video(draft.data)[0].astype(int)
    assert np.abs(frames[0] - first[-1]).mean() < 3
    assert np.abs(frames[-1] - second[0]).mean() < 3


def test_what_stands_still_at_either_end_stays_as_sharp_as_the_clip(lease: Lease, tmp_path: Path) -> None:
    squares = np.kron(np.random.default_rng(0).integers(60, 200, (8, 8, 3)), np.ones((4, 4, 1))).astype(np.uint8)
    still = encode_video(np.repeat(squares[None], 6, axis=0), 8)
    ends: dict[str, Input] = {"clip": still, "second_clip": still, **WORDS}
    apart = []
    for matched in (True, False):
        told: Settings = {**QUICK, "match_colour": matched}
        made = Connector(Echo(soft=True).lease(tmp_path)).run(ends, 1, told, Listener())
        apart.append(np.abs(read_video(made.data)[0].astype(int) - read_video(still)[0][0]).mean())
    assert apart[0] < apart[1] / 2


def test_a_cross_fade_goes_over_evenly_and_shows_neither_end_again() -> None:
    black, white = np.zeros((4, 4, 3), np.uint8), np.full((4, 4, 3), 240, np.uint8)
    assert cross_fade(black, white, 5)[:, 0, 0, 0].tolist() == [40, 80, 120, 160, 200]


def test_the_colours_go_over_from_one_clip_to_the_other(lease: Lease) -> None:
    plain = read_video(connected(lease, {"match_colour": False}).data)[0].astype(float)
    held = read_video(connected(lease).data)[0].astype(float)
    assert not np.allclose(plain.mean(axis=(1, 2)), held.mean(axis=(1, 2)), atol=0.5)


def test_the_same_seed_gives_the_same_bytes(lease: Lease) -> None:
    first, again, other = (connected(lease, seed=seed).data for seed in (3, 3, 4))
    assert first == again != other


def test_it_tells_every_step_and_stops_at_one(lease: Lease) -> None:
    listener = Listener(cancel_at=1)
    with pytest.raises(TakeCancelled):
        Connector(lease).run({**ENDS, **WORDS}, 1, {**QUICK, "steps": 6}, listener)
    assert max(p.step for p, _ in listener.reports) == 1
    assert any(preview for _, preview in listener.reports)


@pytest.mark.parametrize("settings", [{"method": "jump"}, {"context": 5}, {"context": 0}, {"frames": 4}])
def test_settings_that_cannot_be_are_refused(lease: Lease, settings: Settings) -> None:
    with pytest.raises(SettingError):
        connected(lease, settings)

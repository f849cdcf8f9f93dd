"""A benchmark's videos made: by whom, where to, gone on with, shared by workers, refused with other settings."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

import pytest

from engine.agent import Input
from engine.command.arguments import parser
from engine.command.generating import Agents, generate
from engine.crew import Crew
from engine.errors import OutOfMemoryError, SettingError
from engine.evaluate.videoverse import benchmark
from engine.evaluate.videoverse.edition import SHIPPED
from engine.types import Settings

KEYS = [item.key for item in benchmark.read(SHIPPED)[0]]


class Fake(Agents):
    """Makes nothing, and says what was asked for."""

    def __init__(self, fail: bool = False) -> None:
        super().__init__(Crew(lambda: None))
        self.asked: list[tuple[str, int, Settings]] = []
        self._fail = fail

    def make(self, agent: str, inputs: Mapping[str, Input], seed: int, settings: Settings) -> bytes:
        if agent == "prompt_writer":
            return super().make(agent, inputs, seed, settings)
        self.asked.append((agent, seed, settings))
        if self._fail:
            raise OutOfMemoryError("The device is full", "Take another one.")
        return f"{agent} {seed}".encode()


def made(folder: Path, *more: str, agents: Agents) -> str:
    told = io.StringIO()
    given = ["evaluate", "videoverse", "--generate", str(folder), "--limit", "3", *more]
    generate(parser().parse_args(given), told, agents)
    return told.getvalue()


def test_every_prompt_becomes_a_video_of_its_name_and_none_twice(tmp_path: Path) -> None:
    agents = Fake()
    made(tmp_path, "--seeds", "2", "--profile", "pocket", agents=agents)
    assert (tmp_path / f"{KEYS[1]}.mp4").read_bytes() == b"image_to_video 1"
    assert (tmp_path / "seed-1" / f"{KEYS[1]}.mp4").read_bytes() == b"image_to_video 100004"
    assert len(agents.asked) == 12
    assert agents.asked[0][2]["profile"] == "pocket"
    (tmp_path / f"{KEYS[2]}.mp4").unlink()
    again = Fake()
    made(tmp_path, "--seeds", "2", agents=again)
    assert [seed for _, seed, _ in again.asked] == [2, 2]


def test_workers_share_the_work(tmp_path: Path) -> None:
    first, second = Fake(), Fake()
    made(tmp_path, "--part", "1/2", agents=first)
    assert (len(first.asked), (tmp_path / f"{KEYS[1]}.mp4").exists()) == (4, False)
    made(tmp_path, "--part", "2/2", agents=second)
    assert len(second.asked) == 2
    assert len(list(tmp_path.glob("*.mp4"))) == 3
    for wrong in ("0/2", "3/2", "a", "1/0"):
        with pytest.raises(SettingError, match="no such part"):
            made(tmp_path, "--part", wrong, agents=first)


def test_what_cannot_be_made_is_said_and_tried_again(tmp_path: Path) -> None:
    assert "The device is full" in made(tmp_path, agents=Fake(fail=True))
    assert not list(tmp_path.glob("*.mp4"))
    made(tmp_path, agents=Fake())
    assert len(list(tmp_path.glob("*.mp4"))) == 3


def test_other_settings_are_refused_with_the_difference_named(tmp_path: Path) -> None:
    made(tmp_path, agents=Fake())
    with pytest.raises(SettingError, match=r"writer: offline, now as-typed"):
        made(tmp_path, "--writer", "as-typed", agents=Fake())

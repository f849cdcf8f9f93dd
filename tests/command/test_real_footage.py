"""Every recipe on pictures and videos that the pocket world has never seen: Gradio's own samples, by the command line.

What comes out is as large, as fast and as loud as what went in, can be played, and the person is told what the pocket
models know.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest

from engine.agents.facts import FOREIGN
from engine.media.clips import probe
from tests.media.footage import ffmpeg_made

pytestmark = pytest.mark.long


@dataclass(frozen=True)
class Walk:
    """One command and what its last video should be."""

    words: str
    brings: tuple[str, ...]
    """Options and the names of files."""
    size: tuple[int, int] = (192, 192)
    fps: float = 8
    sound: bool = False


WALKS: Mapping[str, Walk] = {
    "image-to-video": Walk("it runs to the right", ("--image", "cheetah")),
    "extend": Walk("goes on", ("--video", "turned", "--seconds", "1"), (270, 480), 30, True),
    "edit": Walk("make it night", ("--video", "silent"), (480, 270), 30),
    "connect": Walk("one becomes the other", ("--video", "turned", "--video", "large"), (270, 480), 30, True),
    "digital-worlds": Walk("a neon world", ("--video", "silent", "--world", "neon"), (480, 270), 30),
    "worldgpt": Walk("the ball rolls to the right", ("--image", "cheetah", "--no-mask")),
}
"""What comes from words alone has no footage."""


@pytest.fixture(scope="module")
def footage(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """A photograph; a second and a half on its side with sound; as much in 1920x1080; as much without sound."""
    spec = find_spec("gradio")
    assert spec is not None
    assert spec.origin is not None
    samples, folder = Path(spec.origin).parent, tmp_path_factory.mktemp("footage")
    videos = samples / "media_assets" / "videos"
    cut = "-t 1.5 -c:v libx264 -pix_fmt yuv420p"
    upright = ffmpeg_made(f"-i {{0}} {cut} -c:a aac", files=((videos / "b.mp4").read_bytes(),))
    made = {
        "turned": ffmpeg_made("-display_rotation 90 -i {0} -c copy", files=(upright,)),
        "large": ffmpeg_made(f"-i {{0}} {cut} -c:a aac", files=((videos / "a.mp4").read_bytes(),)),
        "silent": ffmpeg_made(f"-i {{0}} {cut}", files=((videos / "muted_b.mp4").read_bytes(),)),
    }
    for name, data in made.items():
        (folder / f"{name}.mp4").write_bytes(data)
    return {name: folder / f"{name}.mp4" for name in made} | {"cheetah": samples / "test_data" / "cheetah1-copy.jpg"}


@pytest.mark.parametrize("task", WALKS)
def test_a_recipe_runs_through_on_real_footage(task: str, footage: Mapping[str, Path], tmp_path: Path) -> None:
    walk = WALKS[task]
    brought = [str(footage.get(word, word)) for word in walk.brings]
    command = [sys.executable, "-m", "engine", "run", task, "--prompt", walk.words, *brought]
    done = subprocess.run(
        [*command, "--auto-approve", "--seed", "7", "--output", str(tmp_path / "out"), "--json"],
        env={**os.environ, "GREENLIGHT_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    said = json.loads(done.stdout)
    assert said["finished"]
    last = [Path(one["path"]) for one in said["artifacts"] if one["kind"] == "video"][-1]
    video = probe(last.read_bytes())
    assert (video.width, video.height) == walk.size
    assert video.fps == pytest.approx(walk.fps, rel=0.01)
    assert bool(video.sound) == walk.sound
    recipe = json.loads(last.with_suffix(".json").read_text())
    assert any(FOREIGN in str(stage["facts"].get("note", "")) for stage in recipe["stages"].values())

"""A TOML file in the settings folder adds a model; what is wrong with it is said with the file, the key, and a hint."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from engine.agent import Input
from engine.agents.image_to_video import ImageToVideo
from engine.errors import SettingError
from engine.models import own_rows
from engine.models.driving.driver import jobs_of
from engine.models.driving.table import DRIVERS
from engine.models.lease import Lease
from engine.models.profiles import POCKET, PROFILES, held_by, here
from engine.models.rows.images import SDXL
from engine.models.rows.table import ROWS
from engine.models.rows.wan import WAN_5B
from tests.agents.twin import WORDS, Listener
from tests.models.twins.acting import still
from tests.models.twins.shelf import Shelf, row

GOOD = """
repository = "/models/my-wan"
driver = "wan"
jobs = ["image_to_video"]
sizes = [[64, 64]]
frame_counts = [9]
fps = 16
steps = 3
"""


def write(folder: Path, text: str, name: str = "my-wan.toml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_a_file_is_a_row(tmp_path: Path) -> None:
    text = (
        GOOD + 'title = "Mine"\nlicence = "MIT"\nhonours = ["prompt"]\ngpu = false\nmemory_gib = 12\ncontexts = [1]\n'
    )
    (made,) = own_rows.read(write(tmp_path, text), PROFILES)
    assert (made.name, made.title, made.repository, made.revision) == ("my-wan", "Mine", "/models/my-wan", None)
    assert (made.driver, made.jobs, made.honours, made.contexts) == ("wan", ("image_to_video",), ("prompt",), (1,))
    assert (made.sizes, made.frame_counts, made.fps) == (((64, 64),), (9,), 16)
    assert made.defaults == {"steps": 3, "guidance_scale": 5.0}
    assert (made.licence, made.gpu, made.memory_gib) == ("MIT", False, 12.0)


def test_no_folder_no_rows(tmp_path: Path) -> None:
    assert own_rows.read(tmp_path / "none", PROFILES) == ()
    assert own_rows.read(write(tmp_path, "not read", "notes.txt"), PROFILES) == ()


@pytest.mark.parametrize(
    ("changed", "said", "remedy"),
    [
        (("driver =", "drivr ="), "A key", "Did you mean driver?"),
        (('"wan"', '"wann"'), "driver cannot be that", "Did you mean wan?"),
        (('["image_to_video"]', '["image_to_vidoe"]'), "A job", "Did you mean image_to_video?"),
        (('["image_to_video"]', '["text_to_image"]'), "A job", "image_to_video, extender, connector"),
        (('["image_to_video"]', '"image_to_video"'), "jobs is of the wrong type", "Use a list of texts."),
        (("fps = 16", 'fps = "16"'), "fps is of the wrong type", "Use a whole number"),
        (("fps = 16", "fps = true"), "fps is of the wrong type", "Use a whole number"),
        (("[[64, 64]]", "[64, 64]"), "sizes is of the wrong type", "Use a list of [width, height]."),
        (("[[64, 64]]", "[[64, 60]]"), "A size", "multiples of 16"),
        (("[9]", "[10]"), "A length", "a multiple of 4 and one more"),
        (("fps = 16", ""), "lengths and rate", "frame_counts and fps"),
        (("steps = 3", "steps = 900"), "steps is out of range", "Use a number in it."),
        (('repository = "/models/my-wan"', ""), "repository is missing", "Say repository"),
        (("steps = 3", 'honours = ["last image"]'), "What it honours", "Did you mean last_image?"),
        (("steps = 3", 'name = "pocket"'), "Another model has this name", "a name of its own"),
        (("[9]", "[9"), "cannot be read as TOML", "Mend the line."),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, changed: tuple[str, str], said: str, remedy: str) -> None:
    write(tmp_path, GOOD.replace(*changed))
    with pytest.raises(SettingError) as caught:
        own_rows.read(tmp_path, PROFILES)
    assert said in caught.value.what
    assert caught.value.what.startswith("my-wan.toml: ")
    assert remedy in caught.value.remedy
    assert str(tmp_path / "my-wan.toml") in caught.value.remedy


def test_the_tables_rows_do_what_their_family_can() -> None:
    for one in ROWS:
        assert set(one.jobs) <= set(jobs_of(DRIVERS[one.driver].rules))


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
def test_a_model_of_ones_own_makes_a_video(tmp_path: Path, shelf_of_twins: Shelf) -> None:
    twin = shelf_of_twins.twin(row("wan2.2-a14b"))
    folder = shelf_of_twins.root / twin.repository
    rows = own_rows.read(write(tmp_path, GOOD.replace("/models/my-wan", folder.as_posix())), PROFILES)
    lease = Lease(torch.device("cpu"), root=tmp_path, rows=(POCKET, *rows))
    inputs: dict[str, Input] = {"image": still(), **WORDS}
    draft = ImageToVideo(lease).run(inputs, 3, {"profile": "my-wan"}, Listener())
    assert (draft.model, draft.facts["frames"], draft.settings["steps"]) == ("my-wan", 9, 3)
    with pytest.raises(SettingError, match="pocket, my-wan"):
        ImageToVideo(lease).run(inputs, 3, {"profile": "sdxl"}, Listener())


def test_only_what_is_here_and_fits_can_be_chosen(tmp_path: Path) -> None:
    def forbidden() -> float | None:
        raise AssertionError("nobody needs a GPU")

    (tmp_path / POCKET.repository).mkdir(parents=True)
    assert held_by(here(tmp_path), forbidden) == (POCKET,), "today's machine"
    for one in (SDXL, WAN_5B):
        (tmp_path / one.repository).mkdir(parents=True)
    found = here(tmp_path)
    assert found == (POCKET, SDXL, WAN_5B), "the refined one lacks its refiner"
    assert held_by(found, lambda: None) == (POCKET,)
    assert held_by(found, lambda: 8.0) == (POCKET, SDXL)
    assert held_by(found, lambda: 12.0) == found, "with its parts on the device in turns"
    assert held_by(found, lambda: 12.0, whole=True) == (POCKET, SDXL), "where it can have no turns"


def test_what_the_driver_program_says_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from engine.models.device import gpu_gib

    program = tmp_path / "nvidia-smi"
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    for told, expected in (("81559\n24564", 24564 / 1024), ("No devices were found", None), ("", None)):
        program.write_text(f"#!/bin/sh\nprintf '{told}'\n")
        program.chmod(0o755)
        assert gpu_gib() == expected
    program.unlink()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert gpu_gib() is None

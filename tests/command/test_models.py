"""`python -m engine models` against a fake hub: what it prints, fetches, finds wrong and removes."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine.command.terminal import Streams, main
from engine.models import profiles
from tests.models.fake_hub import FakeHub, commit_of, fake_hub
from tests.models.hub_models import NAME, UNET, pipeline


@dataclass(frozen=True)
class Said:
    code: int
    results: str
    progress: str


class Screen(io.StringIO):
    """A stream that says it is a screen."""

    def isatty(self) -> bool:
        return True


Command = Callable[..., Said]


@pytest.fixture
def far() -> Iterator[FakeHub]:
    with fake_hub() as served:
        served.add(NAME, pipeline())
        yield served


@pytest.fixture
def models(far: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    given = {"GREENLIGHT_HOME": tmp_path / "home", "HF_HUB_CACHE": tmp_path / "cache", "HF_ENDPOINT": far.endpoint}
    for name, value in {**given, "HF_HUB_OFFLINE": "", "HF_TOKEN": ""}.items():
        monkeypatch.setenv(name, str(value))

    def run(*arguments: str, screen: bool = False) -> Said:
        results, progress = io.StringIO(), Screen() if screen else io.StringIO()
        code = main(["models", *arguments], Streams(io.StringIO(), results, progress))
        return Said(code, results.getvalue(), progress.getvalue())

    return run


def test_the_list_names_what_ships_and_asks_nobody(models: Command, far: FakeHub) -> None:
    said = models()
    assert said.code == 0
    header, *lines = said.results.splitlines()
    assert header.split() == ["NAME", "HERE", "SIZE", "MEMORY", "LICENCE", "JOBS"]
    pocket = next(line for line in lines if line.startswith("pocket "))
    assert "ships" in pocket
    assert "Apache-2.0" in pocket
    assert "text_to_image, image_to_video" in pocket
    assert far.requests == []
    rows = json.loads(models("--json").results)
    assert {"pocket", "pocket-detector"} <= {row["name"] for row in rows}
    assert all(row["size_bytes"] > 0 for row in rows if row["here"] == "ships")


def test_a_model_comes_when_it_is_asked_for(models: Command, tmp_path: Path) -> None:
    said = models("fetch", NAME)
    folder = Path(said.results.strip())
    assert said.code == 0
    assert (folder / UNET).read_bytes() == pipeline()[UNET]
    assert "5 kB to fetch" in said.progress
    assert f"{UNET}: 5 kB\n" in said.progress
    line = next(line for line in models().results.splitlines() if line.startswith(NAME))
    assert line.split()[1:4] == ["here", "5", "kB"]
    again = json.loads(models("fetch", NAME, "--json").results)["models"][0]
    assert (again["commit"], again["fetched_bytes"]) == (commit_of(1), 0)
    assert {file["name"] for file in again["files"]} >= {UNET, "model_index.json"}


def test_on_a_screen_one_line_says_how_far_it_is(models: Command) -> None:
    said = models("fetch", NAME, screen=True)
    last = said.progress.split("\r\x1b[K")[-2]
    assert last.startswith("100% (5 kB of 5 kB, ")
    assert "a second" in last
    assert said.progress.endswith("\r\x1b[K")


def test_after_ctrl_c_the_same_command_goes_on(models: Command, far: FakeHub) -> None:
    class Impatient(io.StringIO):
        """Whoever reads it presses Ctrl-C once the weights are named."""

        def write(self, text: str) -> int:
            if text.startswith(UNET):
                raise KeyboardInterrupt
            return super().write(text)

    progress = Impatient()
    assert main(["models", "fetch", NAME], Streams(io.StringIO(), io.StringIO(), progress)) == 130
    assert "the same command goes on from there" in progress.getvalue()
    assert any(line.split()[1:3] == ["in", "part"] for line in models().results.splitlines())
    assert "5 kB to fetch" in (said := models("fetch", NAME)).progress
    assert "are here" in said.progress
    assert far.sent["tokenizer/merges.txt"] == 3, "no byte came twice"


def test_checking_names_what_was_altered(models: Command, tmp_path: Path) -> None:
    folder = Path(models("fetch", NAME).results.strip())
    assert models("check", NAME).results == "Every file is the one that it should be.\n"
    (folder / UNET).write_bytes(b"other")
    said = models("check", NAME, "--json")
    told = json.loads(said.results)
    assert said.code == 1
    assert told["checked"] == [NAME]
    assert UNET in told["problems"][0]
    assert models("check", "greenlight/other").code == 2
    assert models("fetch", NAME).code == 0
    assert models("check", NAME).code == 0


def test_removing_frees_the_disk(models: Command) -> None:
    models("fetch", NAME)
    assert models("remove", NAME).results == "5 kB freed\n"
    assert NAME not in models().results
    said = models("remove", NAME)
    assert said.code == 1
    assert "was not downloaded" in said.progress


def test_a_row_comes_with_its_refiner_and_goes_without_it(models: Command, far: FakeHub) -> None:
    row = next(row for row in profiles.PROFILES if row.refiner)
    for repository in (row.repository, row.refiner or ""):
        far.add(repository, pipeline())
    folders = models("fetch", row.name).results.splitlines()
    assert [commit_of(1) in folder for folder in folders] == [True, True]
    told = json.loads(models("check", row.name, "--json").results)
    assert row.name in told["checked"]
    assert told["problems"] == []
    models("remove", row.refiner or "")
    line = next(line for line in json.loads(models("--json").results) if line["name"] == row.name)
    assert (line["here"], [held["whole"] for held in line["held"]]) == ("in part", [True, False])
    assert models("remove", row.name).code == 0
    line = next(line for line in json.loads(models("--json").results) if line["name"] == row.name)
    assert (line["here"], line["size_bytes"]) == ("not here", 0)


@pytest.mark.parametrize("action", ["fetch", "remove"])
def test_what_ships_can_be_neither_fetched_nor_removed(models: Command, action: str) -> None:
    said = models(action, "pocket")
    assert said.code == 2
    assert "ships with Greenlight" in said.progress


def test_what_cannot_be_had_is_one_line_with_its_remedy(models: Command) -> None:
    said = models("fetch", "greenlight/nothing")
    assert said.code == 1
    assert "no such repository, or it is private" in said.progress
    assert models("fetch", "no-such-row").code == 2
    said = models("fetch", NAME, "--revision", "nowhere")
    assert "no such commit" in said.progress


def test_help_says_how_it_works(capsys: pytest.CaptureFixture[str], models: Command) -> None:
    with pytest.raises(SystemExit):
        models("fetch", "--help")
    told = capsys.readouterr().out
    assert "never pickles, never code" in told
    assert "HF_TOKEN" in told

"""Models that are on this machine: found, checked and removed with nobody asked."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from huggingface_hub import hf_hub_download, snapshot_download

from engine import errors
from engine.models.hub.fetching import Hub, locate
from engine.models.hub.kept import Kept
from engine.models.hub.pins import FOLDER, Pins
from tests.models.fake_hub import FakeHub, commit_of
from tests.models.hub_models import NAME, NEEDED, UNET, machine, pipeline, weights


@pytest.fixture
def near(far: FakeHub, tmp_path: Path) -> Hub:
    fetched = machine(tmp_path, far)
    fetched.fetch(fetched.plan(NAME), lambda _: None)
    return fetched


def test_what_was_never_fetched_is_not_here(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "home", tmp_path / "cache")
    with pytest.raises(errors.WeightsMissingError, match="python -m engine models fetch greenlight/tiny"):
        kept.locate(NAME)
    with pytest.raises(errors.WeightsMissingError):
        kept.locate(NAME, "../../elsewhere")
    with pytest.raises(errors.WeightsMissingError):
        kept.remove(NAME)
    assert not kept.stock(NAME).whole
    assert list(kept.all()) == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("data", [weights(5000, seed=4), weights(4999), b""])
def test_an_altered_file_is_refused_by_name(near: Hub, data: bytes) -> None:
    path = near.kept.locate(NAME) / UNET
    path.write_bytes(data)
    with pytest.raises(errors.WeightsAlteredError, match=f"{UNET} is not the one that the hub has"):
        near.kept.locate(NAME)
    assert [problem.what for problem in near.kept.check(NAME)] == [
        f"The model file {UNET} is not the one that the hub has"
    ]


def test_a_file_is_read_again_only_when_its_size_or_time_changed_or_it_is_to_be_checked(near: Hub) -> None:
    path = near.kept.locate(NAME) / UNET
    times = path.stat()
    path.write_bytes(weights(5000, seed=5))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert near.kept.locate(NAME), "taken for what it was"
    assert len(near.kept.check(NAME)) == 1
    os.utime(path)
    with pytest.raises(errors.WeightsAlteredError):
        near.kept.locate(NAME)
    path.write_bytes(weights(5000))
    near.kept.locate(NAME)
    assert near.kept.pins.read(NAME).commits[commit_of(1)][UNET].seen_ns == path.stat().st_mtime_ns


def test_a_missing_file_is_named(near: Hub) -> None:
    (near.kept.locate(NAME) / "unet/config.json").unlink()
    with pytest.raises(errors.WeightsMissingError, match=r"unet/config\.json is not here"):
        near.kept.locate(NAME)


def elsewhere(far: FakeHub, root: Path, endings: tuple[str, ...]) -> None:
    """Another program fetches files into the cache that it shares with us."""
    for name in pipeline():
        if name.endswith(endings):
            hf_hub_download(NAME, name, cache_dir=root, endpoint=far.endpoint, token=False)


def test_what_another_program_fetched_will_do(far: FakeHub, tmp_path: Path) -> None:
    root = tmp_path / "cache"
    elsewhere(far, root, ("",))
    asked = len(far.requests)
    kept = Kept(tmp_path / "home", root)
    assert kept.stock(NAME).whole
    folder = kept.locate(NAME)
    assert folder.name == commit_of(1)
    assert set(kept.pins.read(NAME).commits[commit_of(1)]) == NEEDED
    assert kept.locate(NAME, commit_of(1)) == folder
    assert len(far.requests) == asked
    assert machine(tmp_path, far).plan(NAME).fetch_bytes == 0
    (folder / UNET).write_bytes(weights(5000, seed=6))
    with pytest.raises(errors.WeightsAlteredError, match=UNET):
        kept.locate(NAME)


def test_what_another_program_left_half_is_not_enough(far: FakeHub, tmp_path: Path) -> None:
    root = tmp_path / "cache"
    elsewhere(far, root, (".json", ".txt", ".bin"))
    kept = Kept(tmp_path / "home", root)
    assert not kept.stock(NAME).whole
    with pytest.raises(errors.WeightsMissingError, match=r"unet/.* is not here.*models fetch greenlight/tiny"):
        kept.locate(NAME)


def test_other_programs_find_what_was_fetched_here(near: Hub) -> None:
    found = snapshot_download(NAME, cache_dir=near.kept.root, local_files_only=True)
    assert Path(found) == near.kept.locate(NAME)


def test_removing_leaves_what_another_commit_needs(near: Hub, far: FakeHub) -> None:
    far.add(NAME, pipeline(**{UNET: weights(7000, seed=2)}), number=2)
    near.fetch(near.plan(NAME, commit_of(2)), lambda _: None)
    assert {stock.commit for stock in near.kept.all()} == {commit_of(1), commit_of(2)}
    freed = near.kept.remove(NAME, commit_of(2))
    assert freed == 7000
    assert near.kept.check(NAME) == ()
    assert near.kept.remove(NAME) > 5000
    assert list(near.kept.all()) == []
    assert near.plan(NAME).commit == commit_of(2), "nothing is pinned any more"


def test_what_is_half_here_can_be_removed(far: FakeHub, tmp_path: Path) -> None:
    near = machine(tmp_path, far)
    far.cuts[UNET] = [3000, 0, 0]
    plan = near.plan(NAME)
    with pytest.raises(errors.DownloadCutError):
        near.fetch(plan, lambda _: None)
    stock = near.kept.stock(NAME)
    assert (stock.whole, stock.size_bytes) == (False, plan.size_bytes - 2000)
    assert near.kept.remove(NAME) >= 3000
    assert not any((near.kept.root).rglob("*.incomplete"))


def test_a_damaged_record_is_named(near: Hub) -> None:
    (near.kept.home / FOLDER / "greenlight--tiny.json").write_text('{"repository": 1}')
    with pytest.raises(errors.StorageError, match=r"greenlight--tiny\.json"):
        near.kept.locate(NAME)


def test_a_record_remembers_everything_it_was_told(near: Hub) -> None:
    record = near.kept.pins.read(NAME)
    assert record.revisions == {"main": commit_of(1)}
    assert [one.repository for one in Pins(near.kept.home).all()] == [NAME]
    assert all(one.seen_ns is not None for one in record.commits[commit_of(1)].values())


ATTEMPTS: list[str] = []
"""What this process asked of the network while `LISTENING`."""
LISTENING: list[bool] = []


def _note(event: str, arguments: tuple[object, ...]) -> None:
    if LISTENING and event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        ATTEMPTS.append(f"{event} {arguments}")


@pytest.fixture
def network() -> Iterator[list[str]]:
    """What is asked of the network in this test; an audit hook stays for good, so there is one."""
    if not ATTEMPTS and not LISTENING:
        sys.addaudithook(_note)
    LISTENING.append(True)
    ATTEMPTS.clear()
    yield ATTEMPTS
    LISTENING.clear()


def test_nobody_is_asked_unless_the_person_asked(
    near: Hub, network: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GREENLIGHT_HOME", str(near.kept.home))
    monkeypatch.setenv("HF_HUB_CACHE", str(near.kept.root))
    folder = locate(NAME)
    assert next(iter(near.kept.all())).whole
    assert near.kept.check(NAME) == ()
    (folder / UNET).unlink()
    with pytest.raises(errors.WeightsMissingError):
        locate(NAME)
    with pytest.raises(errors.WeightsMissingError):
        locate("greenlight/never-fetched")
    near.kept.remove(NAME)
    assert network == []
    near.plan(NAME)
    assert network, "the ear hears"

"""What a hub, the way to it and the disk may refuse, each told by name; and what nobody learns."""

from __future__ import annotations

import errno
import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock

from engine import errors
from engine.disk import Disk
from engine.models.hub.fetching import Hub
from engine.models.hub.wire import Wire
from tests.models.fake_hub import TOKEN, FakeHub, FakeRepository
from tests.models.hub_models import NAME, UNET, machine, pipeline, quiet


class FullDisk(Disk):
    """A disk with so much room, as it says and as it turns out."""

    def __init__(self, said_bytes: int, real_bytes: int) -> None:
        self._said, self._real = said_bytes, real_bytes

    def free_bytes(self, folder: Path) -> int:
        return self._said

    def write(self, descriptor: int, data: bytes) -> int:
        if self._real < len(data):
            raise OSError(errno.ENOSPC, "No space left on device")
        self._real -= len(data)
        return super().write(descriptor, data)


def test_a_disk_that_is_too_full_is_told_before_it_starts(far: FakeHub, tmp_path: Path) -> None:
    near = machine(tmp_path, far, disk=FullDisk(64_001_000, 10**9))
    plan = near.plan(NAME)
    with pytest.raises(errors.DiskFullError, match=r"5 kB are needed in .*cache.*1 kB free"):
        near.fetch(plan, quiet)
    assert far.asked("signature") == []


def test_a_disk_that_fills_up_meanwhile_keeps_what_came(far: FakeHub, tmp_path: Path) -> None:
    small = machine(tmp_path, far, disk=FullDisk(10**9, 4000))
    plan = small.plan(NAME)
    with pytest.raises(errors.DiskFullError):
        small.fetch(plan, quiet)
    near = machine(tmp_path, far)
    near.fetch(near.plan(NAME), quiet)
    assert near.kept.check(NAME) == ()


def gone(repository: FakeRepository) -> None:
    repository.private = True


def moved(repository: FakeRepository) -> None:
    repository.moved_to = "greenlight/renamed"


def gated(repository: FakeRepository) -> None:
    repository.gated = True


def lost(repository: FakeRepository) -> None:
    repository.lost.add(UNET)


@pytest.mark.parametrize(
    ("fault", "error", "says"),
    [
        (gone, errors.RepositoryGoneError, "no such repository, or it is private"),
        (moved, errors.RepositoryRenamedError, "greenlight/renamed"),
        (gated, errors.RepositoryGatedError, "huggingface.co/greenlight/tiny and accept"),
        (lost, errors.WeightsMissingError, "lists a file that it does not have"),
    ],
)
def test_a_repository_that_cannot_be_had(
    near: Hub, far: FakeHub, fault: Callable[[FakeRepository], None], error: type[Exception], says: str
) -> None:
    far.add("greenlight/renamed", pipeline())
    fault(far.repositories[NAME])
    with pytest.raises(error, match=says):
        near.fetch(near.plan(NAME), quiet)


def test_a_gated_repository_is_told_before_anything_comes(near: Hub, far: FakeHub, tmp_path: Path) -> None:
    repository = far.add(NAME, pipeline())
    repository.gated = True
    with pytest.raises(errors.RepositoryGatedError, match="put a token of yours into HF_TOKEN"):
        near.plan(NAME)
    known = machine(tmp_path, far, TOKEN)
    with pytest.raises(errors.RepositoryGatedError, match="then fetch it again"):
        known.plan(NAME)
    repository.accepted = True
    known.fetch(known.plan(NAME), quiet)
    stored = far.asked("signature")
    assert stored
    assert all("Authorization" not in request.headers for request in stored), "the token is the hub's alone"


def test_a_token_that_is_refused(far: FakeHub, tmp_path: Path) -> None:
    for token in ("hf_expiredsecret", "hf_sécret"):
        with pytest.raises(errors.TokenRefusedError, match="HF_TOKEN") as caught:
            machine(tmp_path, far, token).plan(NAME)
        assert token not in f"{caught.value!r} {caught.value}"
        assert caught.value.__cause__ is caught.value.__context__ is None


def test_no_such_commit_or_repository(near: Hub) -> None:
    with pytest.raises(errors.CommitMissingError, match="at nowhere"):
        near.plan(NAME, "nowhere")
    with pytest.raises(errors.RepositoryGoneError):
        near.plan("greenlight/nothing")
    with pytest.raises(errors.SettingError, match="name of a repository"):
        near.plan("no such/name/at all")


def test_only_pickles(near: Hub, far: FakeHub) -> None:
    far.add("greenlight/pickles", {"config.json": b"{}", "pytorch_model.bin": b"cos\nsystem"})
    with pytest.raises(errors.OnlyPicklesError, match=r"pytorch_model\.bin"):
        near.plan("greenlight/pickles")


def test_a_hub_that_fails_or_is_not_there(near: Hub, far: FakeHub) -> None:
    far.failing = 503
    with pytest.raises(errors.HubUnreachableError, match="HTTP 503"):
        near.plan(NAME)
    nobody = replace(near, wire=Wire("http://127.0.0.1:9", "", offline=False))
    with pytest.raises(errors.HubUnreachableError, match="connection"):
        nobody.plan(NAME)


def test_offline_means_offline(near: Hub, far: FakeHub) -> None:
    plan = near.plan(NAME)
    asked = len(far.requests)
    away = replace(near, wire=replace(near.wire, offline=True))
    for refused in (lambda: away.plan(NAME), lambda: away.fetch(plan, quiet)):
        with pytest.raises(errors.HubOfflineError, match="HF_HUB_OFFLINE"):
            refused()
    assert len(far.requests) == asked


@pytest.mark.parametrize("name", ["../outside.json", "/etc/outside.json", "unet//config.json"])
def test_names_that_lead_elsewhere_are_refused(near: Hub, far: FakeHub, name: str) -> None:
    far.add(NAME, pipeline(**{name: b"{}"}))
    with pytest.raises(errors.HubError, match="does not say what it should"):
        near.plan(NAME)


def test_two_programs_do_not_write_the_same_file(near: Hub) -> None:
    plan = near.plan(NAME)
    cache = near.kept.cache(NAME)
    lock = cache.lock(plan.files[0])
    lock.parent.mkdir(parents=True)
    with FileLock(lock), pytest.raises(errors.HubError, match="Another program is fetching"):
        near.fetch(plan, quiet)


def test_the_index_of_a_pipeline_must_be_one(near: Hub, far: FakeHub) -> None:
    far.add(NAME, pipeline(**{"model_index.json": b"[1, 2"}))
    with pytest.raises(errors.HubError, match=r"model_index\.json"):
        near.plan(NAME)


# ------------------------------------------------------------------------------------------------- what nobody learns


def test_the_token_and_the_signed_address_are_written_nowhere(
    far: FakeHub, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    near = machine(tmp_path, far, TOKEN)
    far.cuts[UNET] = [3000, 0, 0]
    with pytest.raises(errors.DownloadCutError) as caught:
        near.fetch(near.plan(NAME), quiet)
    near.fetch(near.plan(NAME), quiet)
    assert TOKEN not in repr(near)
    written = [path.read_bytes() for path in (tmp_path / "home").rglob("*") if path.is_file()]
    for text in (caplog.text, repr(caught.value), str(caught.value), *map(repr, written)):
        assert TOKEN not in text
    assert "secretaddress" not in f"{caught.value}{written}"


def test_the_hub_learns_nothing_about_the_machine(near: Hub, far: FakeHub) -> None:
    near.fetch(near.plan(NAME), quiet)
    agents = {value for one in far.requests for name, value in one.headers.items() if name.lower() == "user-agent"}
    assert not any("torch" in agent or "agent/" in agent for agent in agents)
    assert {request.method for request in far.requests} == {"GET", "HEAD"}
    assert all("/resolve" in one.path or "signature" in one.path or "/revision/" in one.path for one in far.requests)


def test_the_environment_says_where_and_who(tmp_path: Path) -> None:
    given = {"GREENLIGHT_HOME": str(tmp_path / "a"), "HF_HOME": str(tmp_path / "b"), "HF_TOKEN": f" {TOKEN}\n"}
    found = Hub.from_environment({**given, "HF_ENDPOINT": "https://mirror.example/", "HF_HUB_OFFLINE": "1"})
    assert (found.kept.home, found.kept.root) == (tmp_path / "a", tmp_path / "b" / "hub")
    assert found.wire == Wire("https://mirror.example", TOKEN, offline=True)
    assert Hub.from_environment({"HF_HUB_CACHE": str(tmp_path)}).kept.root == tmp_path

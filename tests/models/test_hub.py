"""Models planned and fetched from a fake hub over HTTP, with everything that can go wrong between."""

from __future__ import annotations

import errno
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from engine import errors
from engine.models import hub
from engine.models.hub import Hub
from engine.models.hub_progress import Progress
from engine.models.hub_wire import Wire
from engine.store.disk import Disk
from tests.models.fake_hub import TOKEN, FakeHub, FakeRepository, commit_of, fake_hub
from tests.models.hub_models import NAME, NEEDED, UNET, machine, pipeline, weights

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def far() -> Iterator[FakeHub]:
    with fake_hub() as served:
        served.add(NAME, pipeline())
        yield served


@pytest.fixture
def near(far: FakeHub, tmp_path: Path) -> Hub:
    return machine(tmp_path, far)


def quiet(_: Progress) -> None:
    pass


# ------------------------------------------------------------------------------------------------------- the plan


def test_a_plan_says_what_is_needed_and_brings_nothing(near: Hub, far: FakeHub, tmp_path: Path) -> None:
    plan = near.plan(NAME)
    assert {file.name for file in plan.files} == NEEDED
    assert (plan.commit, plan.variant) == (commit_of(1), None)
    assert plan.fetch_bytes == plan.size_bytes == sum(len(pipeline()[name]) for name in NEEDED)
    assert list(tmp_path.iterdir()) == []
    assert {Path(request.path.split("?")[0]).name for request in far.requests} == {"main", "model_index.json"}


def test_a_plan_for_some_parts(near: Hub) -> None:
    plan = near.plan(NAME, components=["tokenizer"])
    names = {file.name for file in plan.files}
    assert names == {"model_index.json", "tokenizer/vocab.json", "tokenizer/merges.txt"}


def test_half_precision_is_taken_where_it_is_offered(near: Hub, far: FakeHub) -> None:
    half = UNET.replace(".safetensors", ".fp16.safetensors")
    far.add(NAME, pipeline(**{half: weights(2500)}))
    plan = near.plan(NAME)
    assert plan.variant == "fp16"
    assert {file.name for file in plan.files} == NEEDED - {UNET} | {half}
    assert hub.variant(near.fetch(plan, quiet)) == "fp16"


# ------------------------------------------------------------------------------------------------------- the fetch


def test_what_is_fetched_is_whole_and_told_byte_by_byte(near: Hub, far: FakeHub) -> None:
    told: list[Progress] = []
    plan = near.plan(NAME)
    folder = near.fetch(plan, told.append)
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} == NEEDED
    assert all((folder / name).read_bytes() == pipeline()[name] for name in NEEDED)
    assert folder == near.kept.locate(NAME)
    done = [one.done_bytes for one in told]
    assert done == sorted(done)
    assert (done[0], done[-1]) == (0, plan.size_bytes)
    last = told[-1]
    assert (last.file, last.file_done_bytes, last.file_bytes) == (UNET, 5000, 5000)
    assert last.bytes_per_second > 0
    assert last.seconds_left == 0
    assert near.plan(NAME).fetch_bytes == 0


def test_a_commit_stays_when_its_branch_moves_on(near: Hub, far: FakeHub) -> None:
    near.fetch(near.plan(NAME), quiet)
    far.add(NAME, pipeline(**{UNET: weights(5000, seed=2)}), number=2)
    plan = near.plan(NAME)
    assert (plan.commit, plan.fetch_bytes) == (commit_of(1), 0)
    newer = near.plan(NAME, commit_of(2))
    assert newer.fetch_bytes == 5000, "what both commits share is here"
    assert (near.fetch(newer, quiet) / UNET).read_bytes() == weights(5000, seed=2)
    assert near.kept.locate(NAME).name == commit_of(1)


def test_a_download_that_breaks_off_for_a_moment_goes_on_by_itself(near: Hub, far: FakeHub) -> None:
    far.cuts[UNET] = [2000, 0, 1500]
    near.fetch(near.plan(NAME), quiet)
    assert far.sent[UNET] == 5000
    assert [request.headers.get("Range") for request in far.asked("signature")][1:] == [
        "bytes=2000-",
        "bytes=2000-",
        "bytes=3500-",
    ]


def test_a_download_cut_at_60_percent_is_taken_up_again(near: Hub, far: FakeHub) -> None:
    far.cuts[UNET] = [3000, 0, 0]
    plan = near.plan(NAME)
    with pytest.raises(errors.DownloadCutError, match=r"3 kB of 5 kB, in unet/diff.*goes on from there"):
        near.fetch(plan, quiet)
    with pytest.raises(errors.WeightsMissingError, match=f"{UNET} is not here"):
        near.kept.locate(NAME)
    assert not near.kept.stock(NAME).whole
    again = near.plan(NAME)
    assert again.fetch_bytes == 2000
    near.fetch(again, quiet)
    assert far.sent[UNET] == 5000, "no byte came twice"
    assert near.kept.locate(NAME).is_dir()


def test_a_store_that_cannot_begin_in_the_middle_begins_anew(near: Hub, far: FakeHub) -> None:
    far.cuts[UNET], far.ranges = [3000], False
    told: list[Progress] = []
    near.fetch(near.plan(NAME), told.append)
    assert told[-1].done_bytes == told[-1].in_all_bytes
    assert far.sent[UNET] == 8000
    assert near.kept.check(NAME) == ()


def test_the_person_may_stop_it_and_go_on_later(near: Hub, far: FakeHub) -> None:
    stop = threading.Event()

    def stops(progress: Progress) -> None:
        if progress.file == UNET and progress.file_done_bytes:
            stop.set()

    far.holds[UNET] = 3000
    with pytest.raises(errors.DownloadStopped, match="goes on from there"):
        near.fetch(near.plan(NAME), stops, stop)
    near.fetch(near.plan(NAME), quiet)
    assert far.sent[UNET] == 5000


KILLED = """
import sys
from pathlib import Path
from engine.models.hub import Hub
hub = Hub.from_environment()
hub.fetch(hub.plan(sys.argv[1]), lambda progress: print(progress.file_done_bytes, flush=True))
"""


def test_a_process_that_is_killed_loses_nothing_but_what_was_in_its_hands(near: Hub, far: FakeHub) -> None:
    far.holds[UNET] = 3000
    environment = {**os.environ, "GREENLIGHT_HOME": str(near.kept.home), "HF_HUB_CACHE": str(near.kept.root)}
    environment |= {"HF_ENDPOINT": far.endpoint, "HF_HUB_OFFLINE": "", "HF_TOKEN": ""}
    command = [sys.executable, "-c", KILLED, NAME]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert any(line == "3000\n" for line in process.stdout)
        process.send_signal(signal.SIGKILL)
    again = near.plan(NAME)
    assert again.fetch_bytes == 2000
    near.fetch(again, quiet)
    assert far.sent[UNET] == 5000
    assert near.kept.check(NAME) == ()


def test_content_that_is_not_what_was_promised_is_not_kept(near: Hub, far: FakeHub) -> None:
    far.replaced[UNET] = weights(5000, seed=9)
    with pytest.raises(errors.WeightsAlteredError, match=f"{UNET}.*sha256 [0-9a-f]{{64}}"):
        near.fetch(near.plan(NAME), quiet)
    assert near.plan(NAME).fetch_bytes == 5000
    far.replaced.clear()
    near.fetch(near.plan(NAME), quiet)
    assert near.kept.check(NAME) == ()


def test_an_altered_file_alone_is_fetched_again(near: Hub, far: FakeHub) -> None:
    folder = near.fetch(near.plan(NAME), quiet)
    (folder / UNET).write_bytes(weights(5000, seed=3))
    far.sent.clear()
    plan = near.plan(NAME)
    assert plan.fetch_bytes == 5000
    near.fetch(plan, quiet)
    assert far.sent.get("unet/config.json", 0) == 0
    assert near.kept.locate(NAME) == folder


# ----------------------------------------------------------------------------------------------------- the refusals


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
def test_a_repository_that_cannot_be_had(near: Hub, far: FakeHub, fault, error, says) -> None:  # type: ignore[no-untyped-def]
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

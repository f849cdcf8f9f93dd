"""Models planned and fetched from a fake hub over HTTP, with everything that can go wrong between."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from engine import errors
from engine.models.hub import fetching
from engine.models.hub.fetching import Hub
from engine.models.hub.progress import Progress
from tests.models.fake_hub import FakeHub, commit_of
from tests.models.hub_models import NAME, NEEDED, UNET, pipeline, quiet, weights

ROOT = Path(__file__).resolve().parents[2]


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
    assert fetching.variant(near.fetch(plan, quiet)) == "fp16"


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
from engine.models.hub.fetching import Hub
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

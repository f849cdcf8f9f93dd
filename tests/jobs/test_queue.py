"""The durable queue, seen from the side that puts jobs in; no worker runs here."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.agent import Progress
from engine.errors import StorageError, UnknownProjectError
from engine.jobs.live import Live
from engine.jobs.queue import DurableQueue, Ticket
from engine.seen import Queue, QueueView


def describe(project: str, take: str) -> tuple[str, str]:
    if project == "gone":
        raise UnknownProjectError("No such project", "Choose another one.")
    return f"title of {project}", "video"


def open_queue(folder: Path) -> DurableQueue:
    return DurableQueue(folder / "queue", Live(folder / "live"), describe, lambda: "alive")


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[DurableQueue]:
    opened = open_queue(tmp_path)
    yield opened
    opened.close()


def takes(view: QueueView) -> list[tuple[str, int]]:
    return [(job.take, job.place) for job in view.jobs]


def test_it_is_the_queue_that_the_other_rooms_know(queue: DurableQueue) -> None:
    known: Queue = queue
    assert known.view() == QueueView((), False, "alive")


def test_jobs_stand_in_order_and_places_count_within_the_lane(queue: DurableQueue) -> None:
    queue.put("p1", "a", "device")
    queue.put("p2", "b", "words")
    queue.put("p1", "c", "device")
    assert takes(queue.view()) == [("a", 1), ("b", 1), ("c", 2)]
    first = queue.view().jobs[0]
    assert (first.project, first.title, first.stage, first.status) == ("p1", "title of p1", "video", "queued")


def test_nothing_is_queued_twice(queue: DurableQueue) -> None:
    for _ in range(3):
        queue.put("p1", "a", "device")
    assert takes(queue.view()) == [("a", 1)]


def test_a_cancelled_job_leaves_and_the_next_moves_up(queue: DurableQueue, tmp_path: Path) -> None:
    queue.put("p1", "a", "device")
    queue.put("p1", "b", "device")
    queue.cancel("a")
    assert takes(queue.view()) == [("b", 1)]
    assert Live(tmp_path / "live").cancelled("a")


def test_cancelling_what_is_not_there_only_leaves_the_mark(queue: DurableQueue) -> None:
    queue.cancel("never")
    assert queue.view().jobs == ()


def test_a_pause_outlives_the_process(tmp_path: Path) -> None:
    first = open_queue(tmp_path)
    first.pause()
    first.close()
    second = open_queue(tmp_path)
    assert second.view().paused
    second.resume()
    assert not second.view().paused
    second.close()


def test_jobs_outlive_the_process(tmp_path: Path) -> None:
    first = open_queue(tmp_path)
    first.put("p1", "a", "device")
    first.close()
    second = open_queue(tmp_path)
    assert takes(second.view()) == [("a", 1)]
    second.close()


def test_reconcile_puts_back_what_was_lost_and_only_that(queue: DurableQueue) -> None:
    queue.put("p1", "held", "device")
    queue.put("p1", "ended", "device")
    queue.cancel("ended")
    wanted = [Ticket("p1", take, "device") for take in ("held", "ended", "never put")]
    assert queue.reconcile(wanted) == ("ended", "never put")
    assert [take for take, _ in takes(queue.view())] == ["held", "ended", "never put"]
    assert queue.reconcile(wanted) == ()


def test_a_job_of_a_project_that_is_gone_is_not_shown(queue: DurableQueue) -> None:
    queue.put("gone", "a", "device")
    assert queue.view().jobs == ()


def test_a_waiting_job_shows_no_progress(queue: DurableQueue, tmp_path: Path) -> None:
    Live(tmp_path / "live").show("a", Progress("denoising", 3, 8))
    queue.put("p1", "a", "device")
    assert queue.view().jobs[0].progress is None


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "queue").write_bytes(b"in the way")
    with pytest.raises(StorageError, match="GREENLIGHT_HOME"):
        open_queue(tmp_path)


def test_a_damaged_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "queue").mkdir()
    (tmp_path / "queue" / "queue.sqlite").write_bytes(b"no database, but long enough to look at" * 50)
    with pytest.raises(StorageError, match="queue"):
        open_queue(tmp_path)


def test_the_web_side_of_the_queue_imports_no_torch_and_stays_small(tmp_path: Path) -> None:
    script = f"""
import sys
from pathlib import Path
from engine.jobs.live import Live
from engine.jobs.queue import DurableQueue
queue = DurableQueue(Path({str(tmp_path)!r}) / "queue", Live(Path()), lambda p, t: ("", ""), lambda: "alive")
queue.put("p1", "a", "device")
queue.view()
queue.close()
heavy = {{"torch", "numpy", "diffusers", "transformers"}} & set(sys.modules)
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(int(peak.split()[1]) // 1024, heavy)
"""
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    mebibytes, heavy = told.split(maxsplit=1)
    assert heavy.strip() == "set()"
    assert int(mebibytes) < 120

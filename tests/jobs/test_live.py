"""Live files: progress, previews, cancel marks."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from engine.agent import Progress
from engine.errors import StorageError, TakeCancelled, UnknownProjectError
from engine.jobs.live import Live
from engine.jobs.pace import Pace, PaceHistory, Stopwatch, pace_key
from engine.jobs.reporter import LiveReporter, WorkerStopping


def test_progress_and_preview_come_back(tmp_path: Path) -> None:
    live = Live(tmp_path / "live")
    assert live.progress("t1") is None
    assert live.preview("t1") is None
    live.show("t1", Progress("denoising", 2, 8, 3.5), b"png")
    live.show("t1", Progress("denoising", 3, 8, 3.0))
    assert live.progress("t1") == Progress("denoising", 3, 8, 3.0, "t1.png")
    assert live.preview("t1") == b"png"


def test_clear_leaves_nothing_of_the_take(tmp_path: Path) -> None:
    live = Live(tmp_path)
    live.show("t1", Progress("denoising"), b"png")
    live.cancel("t1")
    live.clear("t1")
    assert list(tmp_path.iterdir()) == []


def test_a_new_worker_forgets_all_but_the_cancel_marks_of_wanted_takes(tmp_path: Path) -> None:
    live = Live(tmp_path)
    for take in ("old", "wanted"):
        live.show(take, Progress("denoising"), b"png")
        live.cancel(take)
    (tmp_path / ".old.json.1234").write_bytes(b"half")
    live.begin(frozenset({"wanted"}))
    assert [path.name for path in tmp_path.iterdir()] == ["wanted.cancel"]


@pytest.mark.parametrize("name", ["", "../journal", "a/b", "a" * 81, "t\0"])
def test_a_take_name_never_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnknownProjectError):
        Live(tmp_path).preview(name)


def test_a_reader_never_sees_half_a_file(tmp_path: Path) -> None:
    live = Live(tmp_path)
    live.show("t1", Progress("denoising", 0, 999), b"\0" * 200_000)
    done = threading.Event()

    def write() -> None:
        for step in range(300):
            live.show("t1", Progress("denoising", step, 999), bytes([step % 256]) * 200_000)
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while not done.is_set():
            picture = live.preview("t1")
            assert picture is not None
            assert len(picture) == 200_000
            assert len(set(picture[:: len(picture) - 1])) == 1
            assert live.progress("t1") is not None
    finally:
        writer.join()


def test_a_disk_that_refuses_is_named(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    with pytest.raises(StorageError, match="Make room"):
        Live(blocked).cancel("t1")


def test_reporter_stops_at_the_next_report(tmp_path: Path) -> None:
    live, stopping = Live(tmp_path), threading.Event()
    reporter = LiveReporter("t1", live, stopping)
    reporter.report(Progress("denoising", 0, 4))
    live.cancel("t1")
    with pytest.raises(TakeCancelled):
        reporter.report(Progress("denoising", 1, 4))
    stopping.set()
    with pytest.raises(WorkerStopping):
        reporter.report(Progress("denoising", 2, 4))


def test_reporter_writes_at_most_five_times_a_second_and_every_phase(tmp_path: Path) -> None:
    written: list[Progress] = []

    class Counting(Live):
        def show(self, take: str, progress: Progress, preview: bytes | None = None) -> None:
            written.append(progress)

    reporter = LiveReporter("t1", Counting(tmp_path), threading.Event())
    for step in range(50):
        reporter.report(Progress("denoising", step, 50))
    reporter.report(Progress("decoding", 50, 50))
    assert [progress.phase for progress in written] == ["denoising", "decoding"]


def test_a_disk_that_refuses_progress_does_not_fail_the_take(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    LiveReporter("t1", Live(blocked), threading.Event()).report(Progress("denoising", 1, 2))
    assert blocked.read_bytes() == b""


def test_first_take_learns_and_the_second_knows_from_its_start(tmp_path: Path) -> None:
    history = PaceHistory(tmp_path / "pace.json")
    key = pace_key("image_to_video", {"frames": 17, "steps": 8})
    first = Stopwatch(history.expect(key))
    assert first.note(Progress("denoising", 0, 4), 10.0) is None
    assert first.note(Progress("denoising", 1, 4), 12.0) == pytest.approx(6.0)
    assert first.note(Progress("denoising", 4, 4), 18.0) == pytest.approx(0.0)
    pace = first.pace(21.0)
    assert pace == Pace(2.0, 3.0)
    history.learn(key, pace)

    other_steps = pace_key("image_to_video", {"frames": 17, "steps": 30})
    second = Stopwatch(PaceHistory(tmp_path / "pace.json").expect(other_steps))
    assert second.note(Progress("waiting for the model"), 0.0) is None
    assert second.note(Progress("denoising", 0, 10), 1.0) == pytest.approx(23.0)
    assert second.note(Progress("decoding", 10, 10), 21.5) == pytest.approx(3.0)
    assert second.note(Progress("encoding"), 22.5) == pytest.approx(2.0)


def test_history_halves_towards_the_new_and_stays_small(tmp_path: Path) -> None:
    history = PaceHistory(tmp_path / "pace.json")
    history.learn("a", Pace(2.0, 4.0))
    history.learn("a", Pace(4.0, 2.0))
    assert history.expect("a") == Pace(3.0, 3.0)
    for number in range(100):
        history.learn(f"kind {number}", Pace(1.0, 1.0))
    assert history.expect("a") is None
    assert history.expect("kind 99") == Pace(1.0, 1.0)


@pytest.mark.parametrize("content", [b"", b"[]", b'{"a": 1}', b'{"a": {"b": 2}}', b"\xff"])
def test_a_damaged_history_is_no_history(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "pace.json").write_bytes(content)
    assert PaceHistory(tmp_path / "pace.json").expect("a") is None

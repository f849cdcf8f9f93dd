"""The watcher, with processes that stand in for workers."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine.jobs.presence import Presence
from engine.jobs.watch import OCCUPIED_EXIT, Command, Watcher
from tests.waiting import until

SAY_READY = "import sys; print('ready', flush=True); "
GOOD = SAY_READY + "sys.stdin.read()"
STUBBORN = SAY_READY + "sys.stdin.read(); import signal; signal.pause()"


@contextmanager
def watching(script: str, home: Path) -> Iterator[Watcher]:
    """A watcher over a worker that runs the script, with `home` as its folder."""
    command = Command((sys.executable, "-c", script), home)
    watcher = Watcher(command, Presence(home / "queue"), longest_wait_seconds=0.05)
    watcher.start()
    try:
        yield watcher
    finally:
        watcher.stop(patience_seconds=0.2)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_worker_is_started_and_ended_and_leaves_nothing(tmp_path: Path) -> None:
    with watching(GOOD, tmp_path) as watcher:
        until(lambda: watcher.state == "alive", "a worker")
        pid = watcher.pid
        assert pid is not None
    assert watcher.state == "stopped"
    assert watcher.pid is None
    assert not alive(pid)


def test_stopping_before_the_worker_is_ready_leaves_nothing(tmp_path: Path) -> None:
    with watching(GOOD, tmp_path) as watcher:
        pass
    assert watcher.state == "stopped"
    assert watcher.pid is None


def test_a_killed_worker_is_started_again_at_once(tmp_path: Path) -> None:
    with watching(GOOD, tmp_path) as watcher:
        until(lambda: watcher.state == "alive", "a worker")
        first = watcher.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        until(lambda: watcher.pid not in (None, first) and watcher.state == "alive", "another worker")


def test_a_worker_that_never_begins_is_tried_again_and_again(tmp_path: Path) -> None:
    script = "open('starts', 'a').write('x'); raise SystemExit(1)"
    with watching(script, tmp_path) as watcher:
        until(lambda: (tmp_path / "starts").exists() and len((tmp_path / "starts").read_text()) > 3, "starts")
        assert watcher.state == "restarting"


def test_a_worker_that_cannot_even_be_started_is_tried_again(tmp_path: Path) -> None:
    watcher = Watcher(Command((str(tmp_path / "nothing"),), tmp_path), Presence(tmp_path))
    watcher.start()
    until(lambda: watcher.state == "restarting", "the first failure")
    watcher.stop()
    assert watcher.state == "stopped"


def test_a_worker_started_by_hand_is_left_at_work_and_replaced_when_it_ends(tmp_path: Path) -> None:
    by_hand = Presence(tmp_path / "queue")
    assert by_hand.claim()
    script = f"import pathlib; pathlib.Path('by hand').exists() and sys.exit({OCCUPIED_EXIT}); "
    (tmp_path / "by hand").touch()
    with watching("import sys; " + script + GOOD, tmp_path) as watcher:
        until(lambda: watcher.state == "alive", "the one by hand to be seen")
        assert watcher.pid is None
        (tmp_path / "by hand").unlink()
        by_hand.release()
        until(lambda: watcher.pid is not None and watcher.state == "alive", "one of our own")


def test_a_worker_that_will_not_stop_is_killed(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with watching(STUBBORN, tmp_path) as watcher:
        until(lambda: watcher.state == "alive", "a worker")
        pid = watcher.pid
        assert pid is not None
    assert not alive(pid)
    assert "was killed" in caplog.text


def test_a_presence_is_claimed_once_and_its_note_read_by_all(tmp_path: Path) -> None:
    first, second = Presence(tmp_path / "queue"), Presence(tmp_path / "queue")
    assert not second.taken()
    assert first.claim()
    assert second.taken()
    assert second.note() is None
    assert not second.claim()
    first.release()
    assert not second.taken()

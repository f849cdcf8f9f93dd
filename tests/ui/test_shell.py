"""The page is laid out and served without a model, and says so when its port is taken."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from ui.place import Place

ROOT = Path(__file__).resolve().parents[2]

OPEN = """
import sys
from pathlib import Path
from engine.errors import PortTakenError
from tests.fakes import Desk
from ui.shell import build, launch

studio = Desk(Path(sys.argv[1])).studio
try:
    launch(build(studio), studio, "127.0.0.1", int(sys.argv[2]))
except PortTakenError as error:
    print(error)
print("torch" in sys.modules)
"""


def test_a_port_that_is_taken_is_named_and_no_torch_was_needed(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-c", OPEN, str(tmp_path / "home"), port]
        result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    told, torch = result.stdout.splitlines()
    assert port in told
    assert "GREENLIGHT_PORT" in told
    assert torch == "False"


@pytest.mark.parametrize(("argument", "code"), [("--help", 0), ("--port=9", 2)])
def test_the_door_says_what_it_goes_by_and_takes_nothing_that_it_would_ignore(argument: str, code: int) -> None:
    command = [sys.executable, "app.py", argument]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == code
    assert "GREENLIGHT_PORT" in result.stdout or f"unrecognized arguments: {argument}" in result.stderr


@pytest.mark.parametrize(
    ("query", "remembered", "expected"),
    [
        ({}, "", Place()),
        ({}, "p1", Place(project="p1")),
        ({"project": "p2", "stage": "video"}, "p1", Place(project="p2", stage="video")),
        ({"tab": "queue"}, "p1", Place(project="p1", tab="queue")),
        ({"tab": "<script>"}, "", Place()),
    ],
)
def test_an_address_names_a_place(query: dict[str, str], remembered: str, expected: Place) -> None:
    assert Place.from_query(query, remembered) == expected

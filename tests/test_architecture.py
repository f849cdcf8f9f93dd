"""The house rules that a machine can keep: who imports whom, what an import may do, and that every task resolves."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.agent import Agent
from engine.crew import Crew
from engine.settings import SETTINGS
from engine.tasks import table
from engine.types import Stage
from tests.tasks.recipes import requests

ROOT = Path(__file__).resolve().parents[1]
TRIED = """
import json, sys

done = []

def note(event, arguments):
    writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & 3
    if writes or event in ("os.mkdir", "os.rename", "os.remove", "socket.connect", "socket.bind", "subprocess.Popen"):
        done.append(f"{event} {arguments[0]}")

sys.addaudithook(note)
import app, engine.studio
ours = list(done)
import engine.machine, engine.command.terminal, ui.shell
print(json.dumps({"done": ours, "modules": sorted(sys.modules)}))
"""
HEAVY = {"torch", "diffusers", "transformers", "torchvision", "accelerate", "openai"}


def test_nobody_imports_whom_they_should_not() -> None:
    """In a process of its own: the linter switches off every logger that it finds."""
    command = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True, no_logo=True))"
    done = subprocess.run([sys.executable, "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_door_itself_opens_only_the_studio_and_the_page() -> None:
    tree = ast.parse((ROOT / "app.py").read_text(encoding="utf-8"))
    rooms = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
    assert {room for room in rooms if room.startswith("engine.")} <= {
        "engine.configuration",
        "engine.errors",
        "engine.studio",
    }


def test_importing_the_app_does_nothing_and_brings_no_torch(tmp_path: Path) -> None:
    environment = {**os.environ, "HOME": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    environment["GREENLIGHT_HOME"] = str(tmp_path / "home")
    result = subprocess.run(
        [sys.executable, "-c", TRIED], cwd=ROOT, env=environment, capture_output=True, check=True, timeout=120
    )
    told = json.loads(result.stdout.splitlines()[-1])
    assert HEAVY & set(told["modules"]) == set()
    assert told["done"] == []
    assert list(tmp_path.iterdir()) == []


REQUESTS = list(requests())
STAGES = {stage.agent: stage for request in REQUESTS for stage in table.task(request).stages}


@pytest.mark.parametrize("stage", STAGES.values(), ids=lambda stage: str(stage.agent))
def test_every_stage_has_an_agent_that_needs_and_yields_just_that(stage: Stage) -> None:
    agent = Crew(lambda: None).table[stage.agent].make()
    assert agent.name == stage.agent
    assert agent.needs <= {need.name for need in stage.needs} <= agent.needs | agent.takes
    assert agent.yields == stage.yields


def test_every_agent_has_work() -> None:
    assert set(Crew(lambda: None).table) == set(STAGES) == set(SETTINGS)


def contract(agent: Agent) -> tuple[object, ...]:
    return agent.name, agent.needs, agent.takes, agent.yields


def test_the_fakes_are_the_same_kind_as_the_real_agents() -> None:
    from tests.fakes import Orders, fake_agents

    real, fake = Crew(lambda: None).table, fake_agents(Orders())
    assert real.keys() == fake.keys()
    for name, row in real.items():
        assert fake[name].lane == row.lane
        assert contract(fake[name].make()) == contract(row.make())


def test_the_limits_that_are_checked_early_are_those_of_the_models() -> None:
    from engine import settings
    from engine.models import script

    assert settings.WHOLE["steps"] == script.STEPS
    assert settings.NUMBERS["guidance_scale"][1] == script.GUIDANCE[1]

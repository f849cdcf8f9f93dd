"""The process that measures, as the page starts it: the command itself, with painters for a crew and a judge made up.

`python -m tests.browser.measurer HOME what follows evaluate`. A file HOME/hold-judge holds the judge.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

from engine.agent import Input
from engine.command.arguments import parser
from engine.command.benchmarking import whole
from engine.command.generating import Agents
from engine.command.terminal import Streams, main
from engine.crew import Crew
from engine.evaluate.cases import Frames
from engine.evaluate.workbench import Silent
from engine.types import Settings
from tests.browser.painters import painters


class Painted(Agents):
    """The crew, but for those who need a model."""

    def __init__(self, home: Path) -> None:
        super().__init__(Crew(lambda: None))
        self._painters = painters(home)

    def make(self, agent: str, inputs: Mapping[str, Input], seed: int, settings: Settings) -> bytes:
        if agent not in self._painters:
            return super().make(agent, inputs, seed, settings)
        return self._painters[agent].make().run(inputs, seed, settings, Silent()).data


class MadeUp:
    """Answers by the words of the question alone, the same every time, and says how sure it is."""

    name = "made up"

    def __init__(self, home: Path) -> None:
        self._home = home

    def answer(self, frames: Frames, fps: float, question: str) -> str:
        pause = threading.Event()
        while (self._home / "hold-judge").exists():
            pause.wait(0.02)
        listed = re.findall(r"^([A-H]): (.*)$", question, re.MULTILINE)
        if listed:
            return f"<output>{','.join(letter for letter, _ in sorted(listed, key=lambda one: one[1]))}</output>"
        return "Yes" if (self.yes(frames, question) or 0) >= 0.5 else "No"

    def yes(self, frames: Frames, question: str) -> float | None:
        asked = re.fullmatch(r"In this video\.\n(.*)\nAnswer with .*", question, re.DOTALL)
        return None if asked is None else (hashlib.sha256(asked[1].encode()).digest()[0] / 255) ** 0.5


def _end_with_input() -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os._exit(1)


if __name__ == "__main__":
    place, words = Path(sys.argv[1]), ["evaluate", *sys.argv[2:]]
    chosen = parser().parse_args(words)
    if chosen.what == "videoverse" and chosen.whole:
        threading.Thread(target=_end_with_input, daemon=True).start()
        print(whole(chosen, sys.stderr, Painted(place), MadeUp(place)))
        sys.exit(0)
    sys.exit(main(words, Streams(sys.stdin, sys.stdout, sys.stderr)))

"""`happened`: what happened in a video, or between two pictures, without a project."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TextIO

from engine.agent import Progress
from engine.command.bringing import read_upload
from engine.command.commands import add_command

_ABOUT = """\
Names the actions in a video, from moment to moment, or between two pictures: each with how sure that is. It was
taught the pocket world; of anything else it says so, and nothing that it names should be relied on then."""
_EXAMPLES = """\
examples:
  python -m engine happened film.mp4
  python -m engine happened before.png after.png --json"""


class _Telling:
    """Hears how far the agent is, and says each phase once."""

    def __init__(self, progress: TextIO) -> None:
        self._progress, self._phase = progress, ""

    def report(self, progress: Progress, preview: bytes | None = None) -> None:
        """See engine.agent.Reporter."""
        if progress.phase != self._phase:
            self._phase = progress.phase
            self._progress.write(f"{progress.phase}\n")


def add_happened(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    happened = add_command(commands, "happened", "say what happened in a video", _ABOUT, _EXAMPLES)
    happened.add_argument("file", metavar="FILE", type=Path, help="a video, or the picture before")
    happened.add_argument("after", metavar="AFTER", type=Path, nargs="?", help="the picture after")
    happened.add_argument("--json", action="store_true", help="print JSON: moments with all that may have happened")


def told(chosen: argparse.Namespace, progress: TextIO) -> Iterator[str]:
    """The lines to print. Raises ImageError, VideoError for files that cannot be used, WeightsMissingError."""
    from engine.agents.action_namer import ActionNamer
    from engine.models.lease import Lease

    names = ("image", "last_image") if chosen.after else ("video",)
    inputs = {name: read_upload(name, path) for name, path in zip(names, (chosen.file, chosen.after), strict=False)}
    draft = ActionNamer(Lease()).run(inputs, 0, {}, _Telling(progress))
    note = draft.facts.get("note")
    found: dict[str, Any] = json.loads(draft.data)
    if chosen.json:
        yield json.dumps({**found, **({"note": note} if note else {})}, indent=1)
        return
    yield from (_line(moment, bool(chosen.after)) for moment in found["moments"])
    if note:
        yield str(note)


def _line(moment: Mapping[str, Any], pictures: bool) -> str:
    when = "" if pictures else f"{moment['begins']:6.2f} to {moment['ends']:6.2f} s  "
    first, *others = moment["told"]
    rather = ", ".join(f"{one['text']} ({one['confidence']:.0%})" for one in others if one["confidence"] >= 0.05)
    return f"{when}{first['text']} ({first['confidence']:.0%})" + (f"; else {rather}" if rather else "")

"""The command line's commands. Results go to standard output, what happens meanwhile to standard error.

Exit codes: 0 done; 1 it failed, or `--verify` found something; 2 what was given cannot be used; 3 another worker is at
work; 130 interrupted. Every error is one line with its remedy.
"""

from __future__ import annotations

import argparse
import json
import logging
import shlex
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from engine.command.arguments import parser
from engine.command.listing import job_lines, project_lines, view_json, view_lines
from engine.configuration import Configuration
from engine.errors import GreenlightError, InputError
from engine.seen import ProjectView

if TYPE_CHECKING:
    from engine.studio import Studio

Opening = Callable[[bool], "Studio"]
"""Whether to have a worker -> an open Studio."""
Command = Callable[["Terminal", argparse.Namespace], int]


@dataclass(frozen=True, slots=True)
class Streams:
    """Where questions are answered, results written and progress told."""

    given: TextIO
    results: TextIO
    progress: TextIO


def main(arguments: Sequence[str], streams: Streams, opening: Opening | None = None) -> int:
    """Run one command, by default on the home that the environment names; returns its exit code.

    Leaves by SystemExit, with 0 or 2, when it only helped or did not understand (argparse).
    """
    chosen = parser().parse_args(arguments)
    logging.basicConfig(stream=streams.progress, level=logging.WARNING, format="greenlight: %(message)s")
    try:
        return _COMMANDS[chosen.command](Terminal(streams, opening or _open_studio), chosen)
    except GreenlightError as error:
        streams.progress.write(f"greenlight: {error}\n")
        return 2 if isinstance(error, InputError) else 1
    except KeyboardInterrupt:
        streams.progress.write("\ngreenlight: interrupted. The projects are kept, and what was queued goes on later.\n")
        return 130
    except BrokenPipeError:
        return 1
    except Exception as error:
        logging.getLogger(__name__).debug("unexpected", exc_info=error)
        streams.progress.write(
            f"greenlight: something unforeseen happened ({type(error).__name__}: {error}). The projects are kept; "
            "please report this line.\n"
        )
        return 1


class Terminal:
    """What the commands share: the streams, and the way into the studio."""

    def __init__(self, streams: Streams, opening: Opening) -> None:
        self._streams = streams
        self._open = opening

    # --------------------------------------------------------------------------------------- making a video

    def run(self, chosen: argparse.Namespace) -> int:
        """`run TASK`: a new project, walked to its end."""
        from engine.command import ordering

        begun = time.monotonic()
        uploads = ordering.bring(chosen)
        request = ordering.begin(chosen, uploads)
        with self._open(True) as studio:
            task = studio.task(request)
            automatic = tuple(stage.name for stage in task.stages) if chosen.auto_approve else ()
            settings = ordering.settings(chosen, task)
            project = studio.create(replace(request, settings=settings, automatic=automatic), uploads)
            return self._walk(studio, project, chosen, begun)

    def go_on(self, chosen: argparse.Namespace) -> int:
        """`continue ID`: a project that waits, walked to its end."""
        begun = time.monotonic()
        with self._open(True) as studio:
            view = studio.view(chosen.project)
            if chosen.auto_approve:
                studio.approve_automatically(view.id, [shown.stage.name for shown in view.stages])
            return self._walk(studio, view.id, chosen, begun)

    def _walk(self, studio: Studio, project: str, chosen: argparse.Namespace, begun: float) -> int:
        from engine.command.delivery import deliver
        from engine.command.walkthrough import Walkthrough, unfinished

        ask = None if chosen.auto_approve else self._ask
        self._streams.progress.write(f"Project {project}\n")
        view = Walkthrough(studio, project, self._streams.progress, ask).walk()
        if chosen.auto_approve and not view.finished:
            raise unfinished(view)
        files = deliver(studio, view, chosen.output)
        seconds = round(time.monotonic() - begun, 3)
        if chosen.json:
            timings = {shown.stage.name: shown.chosen.seconds for shown in view.stages if shown.chosen is not None}
            self._write_json(
                {
                    "project": view.id,
                    "task": view.task.name,
                    "prompt": view.request.prompt,
                    "seed": view.request.seed,
                    "finished": view.finished,
                    "artifacts": [asdict(file) for file in files],
                    "timings": {**timings, "total": seconds},
                }
            )
        else:
            self._write(*(f"{file.stage:<12}{file.kind:<8}{file.path}" for file in files))
        if not view.finished:
            folder = shlex.quote(str(chosen.output))
            self._streams.progress.write(f"It waits for you: python -m engine continue {view.id} --output {folder}\n")
        return 0

    def _ask(self, question: str) -> str:
        self._streams.progress.write(question)
        self._streams.progress.flush()
        answer = self._streams.given.readline()
        if not answer:
            raise EOFError
        return answer

    # ------------------------------------------------------------------------------------------ looking

    def projects(self, chosen: argparse.Namespace) -> int:
        """`projects`: all of them, or with `--verify` what is wrong with their files."""
        with self._open(False) as studio:
            if chosen.verify:
                return self._verify(studio, chosen.json)
            rows = studio.projects()
        if chosen.json:
            self._write_json([asdict(row) for row in rows])
        else:
            self._write(*project_lines(rows))
        return 0

    def _verify(self, studio: Studio, as_json: bool) -> int:
        problems = studio.verify()
        if as_json:
            self._write_json({"problems": problems})
        else:
            self._write(*(problems or ["Every file of every project is what its journal says."]))
        return 1 if problems else 0

    def show(self, chosen: argparse.Namespace) -> int:
        """`show ID`: its stages and takes."""
        with self._open(False) as studio:
            view = studio.view(chosen.project)
            paths = _paths(studio, view)
        if chosen.json:
            self._write_json(view_json(view, paths))
        else:
            self._write(*view_lines(view, paths))
        return 0

    def queue(self, chosen: argparse.Namespace) -> int:
        """`queue`: what is being made and what waits."""
        with self._open(False) as studio:
            view = studio.queue()
        if chosen.json:
            self._write_json(asdict(view))
            return 0
        self._write(*job_lines(view.jobs))
        self._streams.progress.write(f"Worker: {view.worker}{'; the queue is paused' if view.paused else ''}\n")
        return 0

    # ------------------------------------------------------------------------------------- moving and working

    def export(self, chosen: argparse.Namespace) -> int:
        """`export ID FILE.zip`."""
        with self._open(False) as studio:
            studio.export_project(chosen.project, chosen.file)
        self._write(str(chosen.file.absolute()))
        return 0

    def questions(self, chosen: argparse.Namespace) -> int:
        """`questions PROMPT`: a line each."""
        with self._open(False) as studio:
            self._write(studio.write_questions({"prompt": chosen.prompt}))
        return 0

    def preferences(self, chosen: argparse.Namespace) -> int:
        """`preferences [ID]`: JSON lines, of one project or of all."""
        with self._open(False) as studio:
            named = [chosen.project] if chosen.project else [row.id for row in studio.projects()]
            told = [studio.preferences(project).decode().splitlines() for project in named]
        self._write(*(line for lines in told for line in lines))
        return 0

    def train(self, chosen: argparse.Namespace) -> int:
        """`train MODEL …`: as `python -m engine.train`, which says what it takes."""
        from engine.train.__main__ import main as train

        return train(chosen.words)

    def take_in(self, chosen: argparse.Namespace) -> int:
        """`import FILE.zip`: prints the project's id."""
        with self._open(False) as studio:
            self._write(studio.import_project(chosen.file))
        return 0

    def worker(self, chosen: argparse.Namespace) -> int:
        """`worker`: does not come back; see engine.jobs.worker.main."""
        from engine.house import compose
        from engine.jobs import worker

        configuration = Configuration.from_environment()
        worker.main(configuration.home, lambda: compose(configuration), chosen.attached, chosen.number)

    def models(self, chosen: argparse.Namespace) -> int:
        """`models`: see engine.command.models."""
        from engine.command.models import Shelf
        from engine.models.hub.fetching import Hub

        return Shelf(self._streams.results, self._streams.progress, Hub.from_environment()).run(chosen)

    def evaluate(self, chosen: argparse.Namespace) -> int:
        """`evaluate WHAT`: see engine.command.evaluations."""
        from engine.command.evaluations import run

        self._write(*run(chosen, self._streams.progress, self._open))
        return 0

    def happened(self, chosen: argparse.Namespace) -> int:
        """`happened FILE [AFTER]`: see engine.command.telling."""
        from engine.command.telling import told

        self._write(*told(chosen, self._streams.progress))
        return 0

    def _write(self, *lines: str) -> None:
        self._streams.results.writelines(f"{line}\n" for line in lines)
        self._streams.results.flush()

    def _write_json(self, value: object) -> None:
        json.dump(value, self._streams.results, ensure_ascii=False, indent=1)
        self._write("")


def _open_studio(worker: bool) -> Studio:
    from engine.studio import Studio

    return Studio.open(Configuration.from_environment(), worker=worker)


def _paths(studio: Studio, view: ProjectView) -> Mapping[str, Path]:
    digests = (take.artifact.sha256 for shown in view.stages for take in shown.takes)
    return {sha256: studio.path(view.id, sha256) for sha256 in digests}


_COMMANDS: Mapping[str, Command] = {
    "run": Terminal.run,
    "continue": Terminal.go_on,
    "projects": Terminal.projects,
    "show": Terminal.show,
    "export": Terminal.export,
    "train": Terminal.train,
    "preferences": Terminal.preferences,
    "questions": Terminal.questions,
    "import": Terminal.take_in,
    "queue": Terminal.queue,
    "models": Terminal.models,
    "worker": Terminal.worker,
    "evaluate": Terminal.evaluate,
    "happened": Terminal.happened,
}

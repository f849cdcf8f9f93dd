"""One project walked through in the terminal: shows what is being made, and asks at every stage that waits."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from engine.command.listing import take_line
from engine.errors import GreenlightError, ImageError, InputError
from engine.seen import Job, ProjectView, QueueView, StageView
from engine.studio import Studio
from engine.types import Take

Ask = Callable[[str], str]
"""Shows a question and returns the answer; raises EOFError when nobody can answer."""
_LOOK_SECONDS = 0.1


class Walkthrough:
    """Walks one project to its end, or to where it waits for somebody who is not here."""

    def __init__(self, studio: Studio, project: str, out: TextIO, ask: Ask | None) -> None:
        """Tell what happens on `out`; `ask` the person, or with `None` leave what must be asked."""
        self._studio = studio
        self._project = project
        self._out = out
        self._ask = ask
        self._told = ""

    def walk(self) -> ProjectView:
        """Go on until every stage is approved or the project waits; returns where it stands then."""
        pulse = threading.Event()
        while True:
            queue = self._studio.queue()
            jobs = [job for job in queue.jobs if job.project == self._project]
            view = self._studio.view(self._project)
            shown = view.open_stage
            if view.finished:
                self._tell("")
                return view
            if shown.pending or jobs or shown.status == "ready":
                self._tell(self._progress(shown, jobs, queue))
                pulse.wait(_LOOK_SECONDS)
            elif self._ask is None or not self._decide(view, shown, self._ask):
                return view

    # ------------------------------------------------------------------------------------------- showing

    def _progress(self, shown: StageView, jobs: list[Job], queue: QueueView) -> str:
        title = shown.stage.title
        if queue.worker == "restarting":
            return f"{title}: the worker ended and is started again"
        progress = next((job.progress for job in jobs if job.status == "running"), None)
        if progress is None:
            return f"{title}: {shown.status}{' (the queue is paused)' if queue.paused else ''}"
        if not self._out.isatty():
            return f"{title}: {progress.phase}"
        steps = f" {progress.step} of {progress.steps}" if progress.steps else ""
        left = f", {progress.seconds_left:.0f} s left" if progress.seconds_left is not None else ""
        return f"{title}: {progress.phase}{steps}{left}"

    def _tell(self, text: str) -> None:
        """Say where it stands, when that is something new; on a screen, in the same line."""
        if text == self._told:
            return
        if self._out.isatty():
            self._out.write(f"\r\x1b[K{text}")
        elif text:
            self._out.write(f"{text}\n")
        self._out.flush()
        self._told = text

    def _say(self, text: str) -> None:
        self._tell("")
        self._out.write(f"{text}\n")
        self._out.flush()

    def _show(self, shown: StageView, takes: list[Take]) -> None:
        self._say(f"\n{shown.stage.title}: {shown.status}")
        if shown.failure is not None:
            self._say(f"{shown.failure.message} {shown.failure.remedy}")
        for number, take in enumerate(takes, 1):
            if take.artifact.kind == "prompt":
                prompt = self._studio.prompt(self._project, take.id)
                for name, text in {"original": prompt.original, **prompt.fields}.items():
                    self._say(f"  [{number}] {name}: {text}")
                for note in prompt.notes:
                    self._say(f"      {note}")
            else:
                path = self._studio.path(self._project, take.artifact.sha256)
                self._say(f"  [{number}] {take_line(take, {take.artifact.sha256: path})}")

    # ------------------------------------------------------------------------------------------- asking

    def _decide(self, view: ProjectView, shown: StageView, ask: Ask) -> bool:
        """Put the stage to the person; `False` when they leave it."""
        takes = [take for take in shown.takes if take.inputs == shown.inputs]
        if shown.status == "stale" and shown.chosen is not None:
            takes = [*takes, shown.chosen]
        self._show(shown, takes)
        while True:
            try:
                answer = ask(_question(shown, takes)).strip().lower()
                if answer in ("q", "quit"):
                    return False
                if self._carry_out(shown, takes, answer, ask):
                    return True
                self._say("That is none of the answers.")
            except EOFError:
                return False
            except InputError as error:
                self._say(str(error))

    def _carry_out(self, shown: StageView, takes: list[Take], answer: str, ask: Ask) -> bool:
        """Do what was answered; `False` when it is no answer. Raises InputError when it does not fit."""
        stage = shown.stage.name
        if answer in ("", "a", "approve") and takes:
            answer = str(len(takes))
        if answer.isdecimal() and 1 <= int(answer) <= len(takes):
            self._studio.approve(self._project, stage, takes[int(answer) - 1].id)
        elif answer in ("r", "retry"):
            self._studio.retry(self._project, stage)
        elif answer in ("o", "offline") and _offers_offline(shown):
            self._studio.retry(self._project, stage, settings={"writer": "offline"})
        elif answer in ("e", "edit") and shown.stage.yields == "prompt" and takes:
            self._edit_prompt(stage, takes[-1], ask)
        elif answer in ("e", "edit") and shown.stage.yields == "image":
            self._studio.edit(self._project, stage, read_picture(Path(ask("Picture to use instead: ").strip())))
        else:
            return False
        return True

    def _edit_prompt(self, stage: str, take: Take, ask: Ask) -> None:
        changed: dict[str, str] = {}
        for name, text in self._studio.prompt(self._project, take.id).fields.items():
            answer = ask(f"  {name} (Enter keeps it): ").strip()
            changed[name] = answer or text
        self._studio.edit(self._project, stage, changed)


def read_picture(path: Path) -> bytes:
    """The bytes of a picture that the person named. Raises ImageError when it cannot be read."""
    try:
        return path.expanduser().read_bytes()
    except OSError as error:
        raise ImageError(
            "The picture cannot be read",
            "Give the path of a PNG, JPEG or WebP file.",
            value=f"{path}: {error.strerror}",
        ) from error


def unfinished(view: ProjectView) -> GreenlightError:
    """Why a project that should have gone to its end without being asked did not."""
    shown = view.open_stage
    if shown.failure is not None:
        return GreenlightError(shown.failure.message.rstrip("."), shown.failure.remedy)
    return GreenlightError(
        f"{shown.stage.title} was tried {shown.tries} times, and no take would do",
        f"Choose one yourself: python -m engine continue {view.id}",
    )


def _question(shown: StageView, takes: list[Take]) -> str:
    answers = []
    if takes:
        answers += [f"Enter approves {len(takes)}"]
    if len(takes) > 1:
        answers += [f"1-{len(takes)} approves another"]
    answers += ["r makes another"]
    if _offers_offline(shown):
        answers += ["o uses the offline writer"]
    if shown.stage.yields == "image" or (shown.stage.yields == "prompt" and takes):
        answers += ["e edits" if shown.stage.yields == "prompt" else "e takes a picture of yours"]
    return f"{', '.join(answers)}, q leaves it waiting: "


def _offers_offline(shown: StageView) -> bool:
    return shown.failure is not None and shown.failure.offer == "offline-writer"

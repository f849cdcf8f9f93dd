"""One project walked through in the terminal: shows what is being made, and asks at every stage that waits."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from engine.boxes import Boxes
from engine.command.bringing import read_upload
from engine.command.listing import take_line
from engine.errors import GreenlightError, InputError
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
        self._offered = False

    def walk(self) -> ProjectView:
        """Go on until every stage is approved or the project waits; returns where it stands then."""
        pulse = threading.Event()
        while True:
            queue = self._studio.queue()
            jobs = [job for job in queue.jobs if job.project == self._project]
            view = self._studio.view(self._project)
            shown = view.open_stage
            if shown.status == "approved":
                self._tell("")
                if not self._offer(view):
                    return view
                continue
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
        if queue.worker == "lost":
            return f"{title}: the GPU answers no more"
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
            elif take.artifact.kind == "boxes":
                self._say(f"  [{number}] {_things(self._studio.boxes(self._project, take.id))}")
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
        elif answer in ("e", "edit") and shown.stage.yields in ("image", "mask"):
            what = "Picture" if shown.stage.yields == "image" else "Mask (white where it may change)"
            path = Path(ask(f"{what} to use instead: ").strip())
            self._studio.edit(self._project, stage, read_upload(shown.stage.yields, path))
        elif answer in ("e", "edit") and shown.stage.yields == "boxes" and takes:
            self._studio.edit(self._project, stage, _numbers(ask("Numbers of the things that count (1 2 …): ")))
        else:
            return False
        return True

    def _offer(self, view: ProjectView) -> bool:
        """Offer what is not made unless it is asked for, once; `True` when the person wants it."""
        offered = next((one for one in view.stages if one.stage.optional and one.status == "ready"), None)
        if offered is None or self._ask is None or self._offered:
            return False
        self._offered = True
        try:
            answer = self._ask(f"{offered.stage.title}: m makes it, Enter leaves it out: ").strip().lower()
        except EOFError:
            return False
        if answer in ("m", "make"):
            self._studio.retry(self._project, offered.stage.name)
        return answer in ("m", "make")

    def _edit_prompt(self, stage: str, take: Take, ask: Ask) -> None:
        changed: dict[str, str] = {}
        for name, text in self._studio.prompt(self._project, take.id).fields.items():
            answer = ask(f"  {name} (Enter keeps it): ").strip()
            changed[name] = answer or text
        self._studio.edit(self._project, stage, changed)


def unfinished(view: ProjectView) -> GreenlightError:
    """Why a project that should have gone to its end without being asked did not."""
    shown = view.open_stage
    if shown.failure is not None:
        return GreenlightError(shown.failure.message.rstrip("."), shown.failure.remedy)
    said = shown.takes[-1].artifact.facts.get("judges") if shown.takes else None
    if said is not None and shown.tries < shown.stage.tries:
        return GreenlightError(str(said), f"Choose a take yourself: python -m engine continue {view.id} --output DIR")
    return GreenlightError(
        f"{shown.stage.title} was tried {shown.tries} times, and no take would do",
        f"Choose one yourself: python -m engine continue {view.id} --output DIR",
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
    edits = {"prompt": "e edits", "boxes": "e chooses things"} if takes else {}
    edits = {**edits, "image": "e takes a picture of yours", "mask": "e takes a mask of yours"}
    if shown.stage.yields in edits:
        answers += [edits[shown.stage.yields]]
    return f"{', '.join(answers)}, q leaves it waiting: "


def _things(found: Boxes) -> str:
    """What was found, each with its number; an asterisk marks what counts."""
    things = [
        f"{number}{'*' if number - 1 in found.chosen else ''} {thing.word} ({thing.score:.0%})"
        for number, thing in enumerate(found.things, 1)
    ]
    return ", ".join(things) or "nothing of that was found: reword the prompt, or go on and paint the mask"


def _numbers(text: str) -> list[int]:
    """Indices from numbers that begin with 1; what is no number becomes one that nothing has."""
    return [int(word) - 1 if word.isdecimal() else -1 for word in text.replace(",", " ").split()]


def _offers_offline(shown: StageView) -> bool:
    return shown.failure is not None and shown.failure.offer == "offline-writer"

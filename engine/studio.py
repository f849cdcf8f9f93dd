"""The only door to the engine: the page, the command line and every other caller come in here.

Each method is one thing that a person does. What is written is written before it returns; what takes long is put in
the queue for the worker. Never imports torch. Every method that names a project may raise UnknownProjectError,
JournalDamagedError and StorageError besides what it says itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

from engine import guests, overview, recipe, restoring, road
from engine.agents import audible, planner, question_writer
from engine.configuration import Configuration, LanguageModel
from engine.crew import chat
from engine.deciding import Deciding
from engine.errors import LanguageModelError
from engine.evaluate.wanted import said, wanted
from engine.events import Created, Event, Project
from engine.house import House, build
from engine.measuring import Measuring
from engine.questionnaire import lines
from engine.seen import ProjectSummary, QueueView, World
from engine.shelf import Shelf
from engine.store import archive
from engine.store.projects import ProjectStore
from engine.types import ModelProfile, Request
from engine.uploads import gathered, keep

if TYPE_CHECKING:
    from engine.granted import Grant
    from engine.machine import Machine

__all__ = ["Configuration", "LanguageModel", "ProjectSummary", "QueueView", "Studio", "World"]


class Studio(Deciding, AbstractContextManager["Studio"]):
    """One home, open. Threads may share it; several processes may open the same home."""

    def __init__(self, house: House, machine: Machine) -> None:
        self.shelf = Shelf(house)
        super().__init__(house, self.profiles)
        self._house = house
        self._machine = machine
        self.measuring = Measuring(house.configuration.home, language_model=self.language_model)

    @classmethod
    def open(cls, configuration: Configuration, *, worker: bool = True, grant: Grant | None = None) -> Self:
        """Open a home; with `worker`, start `python -m engine worker` and watch it. grant: how the host grants its GPU
        to a call, if it does; then there is no worker. Raises StorageError, SettingError, NoDeviceError."""
        projects = ProjectStore(configuration.home)
        if grant is not None:
            from engine.granted import GrantedMachine

            granted = GrantedMachine(configuration, projects, grant)
            return cls(granted.house, granted)
        from engine.machine import LocalMachine

        machine = LocalMachine(configuration, projects, worker=worker)
        return cls(build(configuration, machine.queue, projects), machine)

    @property
    def configuration(self) -> Configuration:
        """What this home was opened with."""
        return self._house.configuration

    def guest(self, secret: str) -> Self:
        """The same studio as the visitor with this secret sees it: their own projects alone. Raises SettingError."""
        house = guests.house_of(self._house, guests.guest_of(secret))
        return type(self)(house, guests.GuestMachine(self._machine, house))

    def work(self) -> None:
        """Make the next take of this visitor inside this call, where the host grants its GPU to calls; else nothing.

        Raises StorageError; what goes wrong with the take stands in its project.
        """
        self._machine.work(self._projects.guest)

    def close(self) -> None:
        """End the worker, if this Studio started it, and what it is downloading and measuring."""
        self.measuring.close()
        self.shelf.close()
        self._machine.close()

    def __exit__(self, *_: object) -> None:
        self.close()

    def profiles(self) -> tuple[ModelProfile, ...]:
        """The models that can be chosen: their weights are here, and the machine can hold them."""
        return self.shelf.choosable

    def world(self) -> World:
        """What the embedded models can draw, and what they run on."""
        return overview.world(self._machine.device())

    # --------------------------------------------------------------------------------------------- projects

    def create(self, request: Request, uploads: Mapping[str, bytes] | None = None) -> str:
        """Begin a project with what the person brings (name -> a file of any allowed format); returns its id.

        Stages that name no model get the chosen preset's. Raises PromptError, ImageError, VideoError, SettingError, and
        writes nothing then.
        """
        self._rules.room(self._waiting(), len(self._projects.ids()))
        road = self.task(replace(request, uploads=dict.fromkeys(uploads or {}, "")))
        project = self._begin(self.shelf.begun_with(request, road), uploads or {})
        self._runner.advance(project)
        return project

    def create_from_recipe(self, given: Mapping[str, object], uploads: Mapping[str, bytes] | None = None) -> str:
        """Begin a project with the same prompt, fields, seeds, models and settings; its first approval is asked for.

        What the recipe began with is looked for among the projects, unless it is given in `uploads`. Raises VideoError
        for what is no recipe, ImageError or VideoError when an upload is nowhere, SettingError, PromptError.
        """
        self._rules.room(self._waiting(), len(self._projects.ids()))
        restored = recipe.restore(given)
        if restored.prompt is not None:
            self._rules.edited(restored.prompt)
        brought = gathered(restored.request.uploads, uploads or {}, self.find)
        restoring.check(restored, self.find)
        project = self._begin(self._rules.repeatable(restored.request), brought)
        files = self._projects.files(project)
        events = []
        for opening in restoring.openings(restored, self.view(project), self._projects.clock(), self.find):
            files.put(opening.data, opening.event.take.artifact.suffix)
            events.append(opening.event)
        self._runner.decide(project, lambda _: events)
        return project

    def import_project(self, source: Path) -> str:
        """Take a project in; returns its id, a new one if its own is taken. Raises ArchiveError."""
        self._rules.room(0, len(self._projects.ids()))
        limit = self._house.configuration.limits.archive_bytes
        project = archive.import_project(self._projects, source, limit, self._admit)
        self._runner.advance(project)
        return project

    def remove(self, project: str) -> None:
        """Move the project to the bin; what was being made for it is cancelled."""
        self._runner.lay_down(project)
        self._projects.remove(project)

    def restore(self, project: str) -> None:
        """Bring the project back from the bin."""
        self._projects.restore(project)

    # ------------------------------------------------------------------------------------------------ queue

    def queue(self) -> QueueView:
        """What is running and waiting."""
        return self._machine.queue.view()

    def cancel(self, take: str) -> None:
        """Stop a take: a waiting one at once, a running one at its next denoising step. Nothing if it has ended."""
        for view in self._runner.views.all():
            if any(one.take == take for shown in view.stages for one in shown.pending):
                self._runner.cancel(view.id, [take])

    def sound(self, project: str, sha256: str) -> bytes:
        """What is heard in a state of a world, as WAV; empty where that is nothing. Raises what `read` raises, and
        ImageError."""
        return audible.played(self.read(project, sha256))

    def preview(self, take: str) -> bytes | None:
        """The latest picture of a running take's latents (PNG or WebP); `None` when there is none."""
        return self._machine.preview(take)

    def pause(self) -> None:
        """Begin no further job; the running ones finish."""
        self._machine.queue.pause()

    def resume(self) -> None:
        """Go on."""
        self._machine.queue.resume()

    # --------------------------------------------------------------------------------------- language model

    def language_model(self) -> LanguageModel | None:
        """The server that writes prompts; `None`: the offline writer."""
        return self._house.preferences.language_model(self._house.configuration.language_model)

    def set_language_model(self, choice: LanguageModel | None) -> None:
        """Choose a server by its address and the name of its key's variable, or the offline writer.

        Raises SettingError.
        """
        self._house.preferences.set_language_model(choice)

    def write_questions(self, words: Mapping[str, str]) -> str:
        """What a critic would ask of a video made from these words (`prompt`, or `scene` and `motion` …), a line each:
        written by the chosen language model, or else by the grammar, to be edited.

        Raises PromptError where the grammar finds nothing to ask, LanguageModelError.
        """
        choice = self.language_model()
        if choice is None:
            return lines(question_writer.of(wanted(words)))
        return lines(question_writer.asked(said(words), 0, chat(choice)))

    def plan(self, goal: str, seen: str = "") -> str:
        """A goal as a plan for a world, an action a line: by the chosen language model, which is told what is seen, or
        else as the grammar parts the words; to be edited. Raises PromptError, LanguageModelError."""
        self._rules.prompt(goal, "The goal")
        choice = self.language_model()
        return "\n".join(planner.of(goal) if choice is None else planner.asked(goal, seen, chat(choice)))

    def try_language_model(self) -> str:
        """One sentence on what answered. Raises LanguageModelError when nothing usable did, or none is chosen."""
        choice = self.language_model()
        if choice is None:
            raise LanguageModelError(
                "No language model is chosen", "Give its address and name in the settings.", offer="offline-writer"
            )
        return chat(choice).try_out()

    # ------------------------------------------------------------------------------------------------ inside

    def _admit(self, project: Project) -> Sequence[Event]:
        """What a project that comes in begins with. Raises InputError, JournalDamagedError to keep it out."""
        request = road.created(project).request
        self._rules.request(request)
        return self._runner.settle(project)

    def _begin(self, request: Request, uploads: Mapping[str, bytes]) -> str:
        """Write a project's first line, and what was brought; nothing is asked for yet."""
        self._rules.request(replace(request, uploads=dict.fromkeys(uploads, "")))
        kept = {name: keep(name, data) for name, data in uploads.items()}
        named = replace(request, uploads={name: one.name for name, one in kept.items()})
        created = Created(named, overview.title(request.prompt or self.recipes[request.task].title))
        return self._projects.create(created, [(one.data, one.suffix) for one in kept.values()])

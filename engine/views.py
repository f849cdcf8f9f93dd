"""Where projects stand, worked out again only when their journals have grown: a page may ask every second."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence

from engine import road
from engine.errors import InputError, JournalDamagedError, StorageError, UnknownProjectError
from engine.events import Entry, Event, Project
from engine.seen import ProjectView
from engine.store.projects import ProjectStore
from engine.types import Request, Task

TaskOf = Callable[[Request], Task]
"""The road of a request. Raises SettingError for a recipe or an option that there is not."""
_log = logging.getLogger(__name__)


class Views:
    """The views of one home's projects. Threads may share them."""

    def __init__(self, projects: ProjectStore, task: TaskOf) -> None:
        self.projects = projects
        self.task = task
        self._known: dict[str, tuple[tuple[Entry, ...], ProjectView]] = {}
        self._left_out: dict[str, str] = {}

    def view(self, project: str) -> ProjectView:
        """Where the project stands. Raises UnknownProjectError, JournalDamagedError, StorageError."""
        return self.of(self.projects.project(project))

    def all(self) -> Iterator[ProjectView]:
        """Every project but the removed ones; one that cannot be read is logged, once, and left out.

        Raises StorageError when the projects cannot be listed.
        """
        for project in self.projects.ids():
            try:
                yield self.view(project)
            except (StorageError, UnknownProjectError) as error:
                if self._left_out.get(project) != str(error):
                    _log.warning("project %s is left out: %s", project, error)
                self._left_out[project] = str(error)

    def change(self, project: str, decide: Callable[[ProjectView], Sequence[Event]]) -> ProjectView:
        """Append what `decide` gives for the project as it stands, with no other writer in between.

        Raises what `decide` raises, and what `view` does.
        """
        return self.of(self.projects.change(project, lambda now: decide(self.of(now))))

    def of(self, project: Project) -> ProjectView:
        """The view of a project that was read. Raises JournalDamagedError."""
        known = self._known.get(project.id)
        if known is None or known[0] is not project.entries:
            known = (project.entries, self.read(project))
            self._known[project.id] = known
        return known[1]

    def read(self, project: Project) -> ProjectView:
        """Work out where a project stands, and remember nothing. Raises JournalDamagedError."""
        request = road.created(project).request
        try:
            task = self.task(request)
        except InputError as error:
            raise JournalDamagedError(
                f"The project's road is unknown here: {error.what}",
                "Open it with the version of Greenlight that made it.",
                value=error.value,
            ) from error
        return road.view(project, task)

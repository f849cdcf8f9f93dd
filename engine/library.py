"""The half of the Studio's door that only reads: projects, takes, files, recipes, and what leaves the house.

Nothing here changes a project. Every method that names one may raise UnknownProjectError, JournalDamagedError and
StorageError besides what it says itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePath

from engine import boxes, decisions, overview, pairs, prompts, proposals, recipe, worlds
from engine.boxes import Boxes
from engine.errors import DecisionError, UnknownProjectError
from engine.media import recipes
from engine.models.lora import finding
from engine.prompts import Prompt
from engine.seen import ProjectSummary, ProjectView, Proposal, StageView
from engine.store import archive
from engine.store.projects import named_files
from engine.types import Recipe, Request, Task
from engine.views import Views


class Library:
    """What there is in one home, to be looked at and taken along."""

    def __init__(self, views: Views, recipes: Mapping[str, Recipe]) -> None:
        self._views = views
        self._projects = views.projects
        self.recipes = recipes
        """By name, in the order in which a page shows them."""

    def task(self, request: Request) -> Task:
        """The road that a request takes, as far as its options and the names of its uploads tell.

        Raises SettingError for an unknown recipe or option.
        """
        return self._views.task(request)

    def projects(self) -> tuple[ProjectSummary, ...]:
        """All projects but the removed ones, newest first. A damaged one is logged, and named by `verify`."""
        rows = [overview.summary(view) for view in self._views.all()]
        return tuple(sorted(rows, key=lambda row: row.created_at, reverse=True))

    def loras(self) -> tuple[str, ...]:
        """Names of the LoRA files that models can wear: those in GREENLIGHT_HOME/loras."""
        return finding.names(self._projects.home)

    def view(self, project: str) -> ProjectView:
        """Where the project stands."""
        return self._views.view(project)

    def path(self, project: str, sha256: str) -> Path:
        """Where a file of the project is. Raises UnknownProjectError for one that its journal does not name."""
        suffix = named_files(self._projects.project(project).entries).get(sha256)
        if suffix is None:
            raise UnknownProjectError("The project has no such file", "Choose one of its takes.", value=sha256[:80])
        return self._projects.files(project).path(sha256, suffix)

    def read(self, project: str, sha256: str) -> bytes:
        """A file of the project, checked against its digest. Raises UnknownProjectError, JournalDamagedError."""
        return self._projects.files(project).read(sha256, self.path(project, sha256).suffix)

    def prompt(self, project: str, take: str) -> Prompt:
        """A prompt take's words. Raises DecisionError for an unknown take, JournalDamagedError when it is no prompt."""
        artifact = decisions.take_of(self.view(project), take).artifact
        return prompts.decode(self.read(project, artifact.sha256))

    def boxes(self, project: str, take: str) -> Boxes:
        """What a boxes take found, and what of it counts. Raises DecisionError, JournalDamagedError."""
        artifact = decisions.take_of(self.view(project), take).artifact
        return boxes.decode(self.read(project, artifact.sha256))

    def recipe(self, project: str, take: str) -> dict[str, object]:
        """Everything that made the take, as plain JSON. Raises DecisionError for an unknown take."""
        return recipe.recipe_of(self.view(project), take, self._projects.files(project).read)

    def export_video(self, project: str, take: str) -> bytes:
        """The take's MP4 with its recipe in its metadata. Raises DecisionError when it is no video, VideoError."""
        artifact = decisions.take_of(self.view(project), take).artifact
        if artifact.kind != "video":
            raise DecisionError("The take is not a video", "Choose a take of the video stage.", value=artifact.kind)
        return recipes.embed(self.read(project, artifact.sha256), self.recipe(project, take))

    def read_recipe(self, data: bytes) -> dict[str, object]:
        """The recipe in a downloaded MP4, or in the JSON beside it. Raises VideoError when there is none."""
        found = recipes.extract(data)
        recipe.restore(found)
        return found

    def export_project(self, project: str, destination: Path) -> None:
        """Write the project as a zip file. Raises JournalDamagedError when a file of it is missing or altered."""
        archive.export_project(self._projects, project, destination)

    def proposal(self, project: str, take: str) -> Proposal | None:
        """What the judges' misses of a take propose to say first in its prompt.

        None where there is nothing to say, or the person declined that for this prompt. Raises DecisionError for an
        unknown take.
        """
        view = self.view(project)
        found = decisions.take_of(view, take)
        shown = decisions.stage_of(view, found.stage)
        said = proposals.proposal(shown, found, self._words(view, shown))
        if said is None:
            return None
        prompt = decisions.stage_of(view, said.stage)
        declined = prompt.chosen is not None and (prompt.chosen.id, said.told) in prompt.declined
        return None if declined else said

    def words(self, project: str, stage: str) -> Mapping[str, str]:
        """What the approved prompt says to a stage: name of the need -> text."""
        view = self.view(project)
        shown = decisions.stage_of(view, stage)
        said = self._words(view, shown)
        return {
            need.name: said[need.source].get(need.field or "", "") for need in shown.stage.needs if need.source in said
        }

    def _words(self, view: ProjectView, shown: StageView) -> Mapping[str, Mapping[str, str]]:
        """Stage -> the fields of its approved prompt, of those that a stage needs fields of."""
        sources = {need.source for need in shown.stage.needs if need.field and need.source != "request"}
        chosen = {name: decisions.stage_of(view, name).chosen for name in sources}
        prompts = {name: one.id for name, one in chosen.items() if one is not None and one.artifact.kind == "prompt"}
        return {name: self.prompt(view.id, take).fields for name, take in prompts.items()}

    def preferences(self, project: str) -> bytes:
        """What was preferred to what in the project, by whom: JSON lines (engine.pairs)."""
        return pairs.encoded(pairs.of(self._projects.project(project)))

    def transitions(self, project: str) -> bytes:
        """What happened in a project that is a world: JSON in WorldNet's form (engine.worlds).

        Raises JournalDamagedError when a file is missing or altered.
        """
        nodes = worlds.learnable(worlds.tree(self.view(project)))
        return worlds.packed(worlds.transitions(nodes, self._projects.files(project).read))

    def verify(self) -> tuple[str, ...]:
        """Hash every file again that a journal names; returns the problems found, none when all is well."""
        return self._projects.verify()

    def find(self, name: str) -> bytes | None:
        """The file of that name (`<sha256><suffix>`), in whichever project has it."""
        sha256, suffix = PurePath(name).stem, PurePath(name).suffix
        for view in self._views.all():
            if named_files(self._projects.project(view.id).entries).get(sha256) == suffix:
                return self.read(view.id, sha256)
        return None

"""The half of the Studio's door at which a person decides: what counts, what is made again, what they change by hand.

What is decided is in the project's journal before a method returns. Every method may raise UnknownProjectError,
JournalDamagedError and StorageError besides what it says itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from engine import decisions, editing, prompts
from engine.decisions import Wish
from engine.editing import Content
from engine.house import House
from engine.library import Library
from engine.making import CORRECTIONS
from engine.seen import ProjectView
from engine.store.projects import new_id
from engine.types import ModelProfile, Settings, Take
from engine.validation import Rules


class Deciding(Library):
    """What there is in one home, and a person's say in it."""

    def __init__(self, house: House, profiles: Callable[[], tuple[ModelProfile, ...]]) -> None:
        """profiles: the models that can be chosen."""
        super().__init__(house.runner.views, house.recipes)
        self._runner = house.runner
        self._limits = house.configuration.limits
        self._rules = Rules(self, profiles, self._limits)

    def rename(self, project: str, name: str, take: str | None = None) -> ProjectView:
        """Give the project, or a take of it, a name. Raises DecisionError for an empty or too long one."""
        return self._runner.decide(project, lambda view: decisions.rename(view, name, take))

    def approve(self, project: str, stage: str, take: str, note: str = "") -> ProjectView:
        """This take counts: also another one than before, or a stale one that is kept. Raises DecisionError."""
        return self._runner.decide(project, lambda view: decisions.approve(view, stage, take, note=note))

    def reject(self, project: str, stage: str, note: str = "") -> ProjectView:
        """Take the approval back; the stage is no longer approved automatically. Raises DecisionError."""
        return self._runner.decide(project, lambda view: decisions.reject(view, stage, note=note))

    def decline(self, project: str, take: str) -> ProjectView:
        """Leave the prompt as it is, whatever the judges of this take propose: it is not proposed again.

        Raises DecisionError for an unknown take.
        """
        found = self.proposal(project, take)
        if found is None:
            return self.view(project)
        return self._runner.decide(project, lambda view: decisions.decline(view, found))

    def retry(
        self, project: str, stage: str, *, takes: int = 1, seed: int | None = None, settings: Settings | None = None
    ) -> ProjectView:
        """Ask for more takes, which replace nothing; the settings are for these takes only.

        Raises DecisionError, SettingError.
        """
        self._rules.room(self._waiting())
        wish = Wish(takes, seed, settings)
        view = self.view(project)
        shown = decisions.stage_of(view, stage)
        self._rules.wish(replace(shown.stage, settings=decisions.settings_of(view, shown)), wish)
        return self._runner.decide(project, lambda view: decisions.retry(view, stage, wish, new_id))

    def edit(self, project: str, stage: str, content: Content, *, approve: bool = False) -> ProjectView:
        """Add a take by the person: fields of a prompt, a picture or mask of any allowed format, the things that count.

        Raises DecisionError, PromptError, ImageError, MaskError.
        """
        view = self.view(project)
        shown = decisions.stage_of(view, stage)
        decisions.inputs_of(view, shown)
        editing.check(shown, content)
        files = self._projects.files(project)
        if isinstance(content, Mapping):
            edited = editing.words(view, shown, content, files.read)
            self._rules.edited(prompts.decode(edited.data))
        else:
            size = self._rules.profile(shown.stage, decisions.settings_of(view, shown)).sizes[0]
            edited = (
                editing.picture(shown, content, size)
                if isinstance(content, bytes)
                else editing.choice(view, shown, content, size, files.read)
            )
        files.put(edited.data, edited.artifact.suffix)
        take = Take(new_id(), stage, 0, edited.artifact, {}, 0.0, self._projects.clock())
        return self._runner.decide(project, lambda view: editing.record(view, take, approve=approve))

    def correct(self, project: str, stage: str, mask: bytes, frames: Sequence[int]) -> ProjectView:
        """Ask for a mask over time again that agrees with `mask`, a take of its own now, on these frames (0, 1, …).

        Raises DecisionError for a stage that follows no mask, or has no such frames; MaskError.
        """
        told = editing.correction(decisions.stage_of(self.view(project), stage), frames)
        painted = decisions.stage_of(self.edit(project, stage, mask), stage).takes[-1]
        wish = Wish(takes=1, settings={**told, CORRECTIONS: painted.artifact.sha256})
        return self._runner.decide(project, lambda view: decisions.retry(view, stage, wish, new_id))

    def approve_automatically(self, project: str, stages: Sequence[str]) -> ProjectView:
        """From now on approve exactly these stages without asking. Raises DecisionError."""
        return self._runner.decide(project, lambda view: decisions.automatic(view, stages))

    def _waiting(self) -> int:
        """Takes asked for and not made yet, where that is limited."""
        if self._limits.waiting is None:
            return 0
        return sum(len(shown.pending) for view in self._runner.views.all() for shown in view.stages)

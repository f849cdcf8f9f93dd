"""What a painting of the page needs and gives, and what a click brings: the nouns between the desk and its parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.measured import Looked, Measurement
from engine.seen import ProjectSummary, ProjectView, QueueView, ShelfView, StageView
from engine.studio import Studio
from engine.types import Take
from ui.place import Place, Screen


@dataclass(frozen=True, slots=True)
class Shown:
    """What one component shows."""

    props: Mapping[str, object]
    """Its properties, as `gr.update` takes them."""
    typed: str | None = None
    """For fields that a person types in: what the text belongs to. It is sent again only when this or it changes."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that one painting of the page needs, looked up once."""

    studio: Studio
    place: Place
    queue: QueueView
    projects: tuple[ProjectSummary, ...]
    """Only while the list of projects is on screen."""
    view: ProjectView | None = None
    """The open project."""
    stage: StageView | None = None
    """The stage on screen."""
    take: Take | None = None
    """The take on screen."""
    shelf: ShelfView | None = None
    """The models, only while they are on screen."""
    measurements: tuple[Measurement, ...] = ()
    """Videos that are being measured, only while they are on screen."""
    looked: tuple[Looked, ...] = ()
    """What stands behind the figure that is open."""

    @property
    def pulse(self) -> object:
        """Changes whenever anything that is painted may have changed."""
        view = self.view and (self.view.id, self.view.entries)
        return self.place, view, self.queue, self.projects, self.shelf, self.measurements, self.looked


@dataclass(frozen=True, slots=True)
class Visit:
    """One click: where the person is, and what their page showed when they clicked."""

    studio: Studio
    place: Place
    screen: Screen

    def go(self, **changes: Any) -> Place:
        """The same place with some changes, and without the last notice."""
        return replace(self.place, **{"notice": None, **changes})


Painting = Mapping[str, Shown]
Painter = Callable[[Scene], Painting]
Action = Callable[..., Place]
Act = Callable[[Visit, Mapping[str, str]], Place]


def html(value: str, **props: object) -> Shown:
    """A `gr.HTML` that shows this markup."""
    return Shown({"value": value, **props})

"""Where the person is, and what their page last showed: two small frozen records, and the seat that keeps them."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from itertools import count
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from engine.studio import Studio

TABS = ("create", "projects", "queue", "evaluate", "models", "settings")
LOOK = frozenset({"project", "stage", "take", "other", "mode"})
"""Fields of a place that say together what is looked at."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One message to the person."""

    text: str
    """What happened, why, what to do."""
    bad: bool = False
    """Whether something went wrong."""
    do: str = ""
    """What its button does (see the desk's acts); empty for no button."""
    label: str = ""
    """What its button says."""
    project: str = ""
    """Which project its button is about."""


@dataclass(frozen=True, slots=True)
class Brought:
    """A picture or video that lies ready on a start page."""

    name: str
    """What a person calls it."""
    address: str
    """Where the browser fetches it to show it."""
    path: str = ""
    """The uploaded file; empty for one out of a project."""
    project: str = ""
    """The project that it comes out of."""
    sha256: str = ""
    """Its digest there."""
    start: float | None = None
    """Where the part that is wanted begins, in seconds; `None`: at the beginning."""
    end: float | None = None
    """Where that part ends, in seconds; `None`: at the end."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the person wants to be. Only their own clicks change it; a finished job never does."""

    project: str = ""
    """Id of the open project; empty for the start page."""
    stage: str = ""
    """Stage that they opened; empty: follow the road."""
    take: str = ""
    """Take that they picked to look at; empty: the one that matters now."""
    other: str = ""
    """The second take, when two are compared."""
    mode: Literal["look", "compare", "edit"] = "look"
    """What the large card does."""
    seed_of: str = ""
    """Take whose seed was asked for once more."""
    task: str = ""
    """Name of the recipe whose start page is open; empty: the first one."""
    samples: Mapping[str, str] = field(default_factory=dict[str, str])
    """Recipe -> sample prompt that they picked on its start page."""
    brought: Mapping[str, Brought] = field(default_factory=dict[str, Brought])
    """`recipe.upload` -> what they brought to its start page."""
    picking: str = ""
    """The `recipe.upload` for which they look through their own videos."""
    switched: Mapping[str, tuple[int, ...]] = field(default_factory=dict[str, tuple[int, ...]])
    """Take of boxes -> the things in it that are switched on now, where that is not what the take says."""
    tab: str = "create"
    """One of TABS."""
    asking: tuple[str, str] = ("", "")
    """What they are asked about a model before it is done (`download`, `remove`), and the model's name."""
    questions: tuple[str, str] = ("", "")
    """Stage of a project for which questions were written, and those, a line each."""
    plan: tuple[str, str] = ("", "")
    """State of a world for which a plan was made, and that, an action a line."""
    measurement: str = ""
    """The measurement that they look at; empty: the newest."""
    figure: str = ""
    """Which of its figures they opened: the system, a slash, and the figure."""
    notice: Notice | None = None
    """Answer to their last act."""

    @property
    def opened(self) -> tuple[str, str]:
        """System and figure that they opened."""
        system, _, figure = self.figure.partition("/")
        return system, figure

    @classmethod
    def from_query(cls, query: Mapping[str, str], remembered: str) -> Place:
        """The place that an address names; without a project there, the one this browser had open last."""
        tab = query.get("tab", "create")
        return cls(
            project=query.get("project", "") or remembered,
            stage=query.get("stage", ""),
            task=query.get("task", ""),
            tab=tab if tab in TABS else "create",
            measurement=query.get("measurement", ""),
            figure=query.get("figure", ""),
        )


@dataclass(frozen=True, slots=True)
class Sent:
    """What one component was sent last."""

    digest: int
    """Hash of it."""
    number: int
    """Number of the answer in which it was new."""
    typed: bool
    """Whether a person types in it."""


@dataclass(frozen=True, slots=True)
class Screen:
    """What the page last showed: what a click on it was meant for, and what need not be sent again."""

    project: str = ""
    """The project on screen."""
    stage: str = ""
    """Name of the stage on screen."""
    take: str = ""
    """Id of the take on screen."""
    intent: str = ""
    """What the primary button said that it would do."""
    pulse: object = None
    """Changes whenever anything on the page may have changed."""
    number: int = 0
    """Number of the answer that brought it there."""
    sent: Mapping[str, Sent] = field(default_factory=dict[str, Sent])
    """Component name -> what was sent last."""


class Seat:
    """What the server keeps for one browser tab, while its clicks and ticks come in at the same time."""

    def __init__(self, screen: Screen) -> None:
        self.turn = threading.Lock()
        """Held to go somewhere and show it, never while a click does its work."""
        self.clicks = count(1)
        """Numbers them as they come."""
        self.place = Place()
        self._led: dict[str, int] = {}
        self.screen = screen
        self.studio: Studio | None = None
        """What this person sees of the house; `None` before their page arrived."""

    def moved(self, click: int, before: Place, after: Place) -> Place:
        """The place that a click leads to, which led from `before` to `after`; where a newer one led to, that stays.

        Of two that say what to look at, one of them says all of it.
        """
        changed = {each.name for each in fields(Place) if getattr(after, each.name) != getattr(before, each.name)}
        changed |= LOOK if changed & LOOK else frozenset()
        own = {name for name in changed if self._led.get(name, 0) < click}
        self._led |= dict.fromkeys(own, click)
        return replace(self.place, **{name: getattr(after, name) for name in own})

    def __deepcopy__(self, memo: object) -> Seat:
        """A new tab's seat: Gradio copies the first value of a state for each."""
        return Seat(self.screen)

"""The forms that a prompt can take: which fields a recipe's later stages read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from engine.agents.choices import one_of, whole
from engine.types import Settings

MOST_SHOTS: Final = 50


@dataclass(frozen=True, slots=True)
class Form:
    """What a prompt stage is asked for."""

    name: str = "scene"
    """scene: a picture and its motion; instruction: a change to something that is there; shots: a picture and several
    motions, one after another; moving: what moves in a picture or video that is there; join: what leads from one video
    to another; worldgpt: what to find in a picture, what it shows, and what it should show in the end.
    """
    shots: int = 1
    """How many motions, in the form `shots`."""

    @property
    def fields(self) -> tuple[str, ...]:
        """Names of the prompt's fields, in order."""
        return _FIELDS[self.name](self.shots)

    @property
    def motions(self) -> tuple[str, ...]:
        """Those of them that are sentences on what moves."""
        return tuple(name for name in self.fields if name == "motion" or name.startswith("shot_"))


_FIELDS: Final[Mapping[str, Callable[[int], tuple[str, ...]]]] = MappingProxyType(
    {
        "scene": lambda shots: ("scene", "motion", "avoid"),
        "instruction": lambda shots: ("instruction", "avoid"),
        "shots": lambda shots: ("scene", *(f"shot_{number + 1}" for number in range(shots)), "avoid"),
        "moving": lambda shots: ("state", "motion", "avoid"),
        "join": lambda shots: ("transition", "avoid"),
        "worldgpt": lambda shots: ("keywords", "state", "end", "motion", "avoid"),
    }
)
MAY_BE_EMPTY: Final = frozenset({"avoid", "state"})
"""Fields of which nothing need be said."""
FORMS: Final = tuple(_FIELDS)
SCENE: Final = Form()
"""What is asked for where nothing else is."""


def wanted(settings: Settings) -> Form:
    """The form that the settings `form` and `shots` ask for. Raises SettingError for another form or number."""
    return Form(one_of(settings, "form", FORMS), whole(settings, "shots", 1, (1, MOST_SHOTS)))

"""VideoVerse's ten dimensions, and how its paper groups them (Wang et al., arXiv:2510.08398).

Event following is asked as an order of events; each of the others is a kind of yes-or-no question, named as in the
official prompt file.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from engine import questionnaire

EVENTS: Final = questionnaire.EVENTS
CHECKS: Final = questionnaire.CHECKS
"""As `check_type` has them."""
DIMENSIONS: Final = (EVENTS, *CHECKS)
ALL: Final = "all"
CATEGORIES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "dynamic": DIMENSIONS[:5],
        "static": DIMENSIONS[5:],
        "world model level": (*DIMENSIONS[:4], *DIMENSIONS[5:7]),
        "basic level": (DIMENSIONS[4], *DIMENSIONS[7:]),
        ALL: DIMENSIONS,
    }
)
"""Category -> its dimensions."""
OFFICIAL, STRICT, BLANK, OTHER = "official", "strict", "strict, blank video", "strict, wrong video"
PROTOCOLS: Final = (OFFICIAL, STRICT, BLANK, OTHER)
"""Ways to ask: see engine.evaluate.videoverse.asking."""

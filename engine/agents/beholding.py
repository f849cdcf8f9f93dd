"""What is seen in a picture of the pocket world, in its own words: its detector is asked for every thing there is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from engine.agents.arrivals import colour_of
from engine.models.finding.finder import FINDERS
from engine.models.profiles import DETECTOR
from engine.pocket.vocabulary import NOUNS, SIZES
from engine.pocket.world import MOST_THINGS, Thing

if TYPE_CHECKING:
    from engine.models.lease import Lease
    from engine.pocket.finding import Piece

Found = Mapping[str, Sequence["Piece"]]
"""Noun -> what was found of it, the surest first."""
SURE: Final = 0.85
"""Least score of a thing that is not asked about: in its own pictures the detector is above 0.9, in others it sees
much where little is."""


def beheld(lease: Lease, picture: NDArray[np.uint8]) -> tuple[Thing, ...]:
    """The surest things, at most as many as a picture of this world has, standing still; the
    colour is empty where it is none of the vocabulary's.

    picture: uint8 (height, width, 3). Raises WeightsMissingError, WeightsAlteredError.
    """
    return things_of(_found(lease, picture), picture)


def outlined(lease: Lease, picture: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Where those things are seen, (height, width). Raises as `beheld` does."""
    return silhouette(_found(lease, picture), picture.shape[:2])


def things_of(found: Found, picture: NDArray[np.uint8]) -> tuple[Thing, ...]:
    """What was found of each noun, the surest first, as `beheld` has it."""
    return tuple(_thing(noun, piece, picture) for noun, piece in _surest(found))


def silhouette(found: Found, size: tuple[int, ...]) -> NDArray[np.bool_]:
    """What was found of each noun, as `outlined` has it."""
    whole = np.zeros(size, bool)
    for _, piece in _surest(found):
        whole |= piece.mask
    return whole


def _found(lease: Lease, picture: NDArray[np.uint8]) -> Found:
    finder = FINDERS[DETECTOR.driver]
    with lease.borrow(DETECTOR) as loaded:
        return finder.find(loaded.pipeline, picture, NOUNS, SURE)


def _surest(found: Found) -> list[tuple[str, Piece]]:
    """The surest piece of each noun, as many as there may be."""
    best = [(noun, pieces[0]) for noun, pieces in found.items() if pieces]
    return sorted(best, key=lambda one: -one[1].score)[:MOST_THINGS]


def _thing(noun: str, piece: Piece, picture: NDArray[np.uint8]) -> Thing:
    """A found piece in words."""
    height, width = picture.shape[:2]
    left, top, right, bottom = piece.box
    extent = max((right - left) / width, (bottom - top) / height)
    x, y = (left + right) / 2 / width, (top + bottom) / 2 / height
    size = min(SIZES, key=lambda name: abs(np.log(SIZES[name] / extent)))
    return Thing(noun, colour_of(picture[piece.mask]) or "", size, "still", "slow", x, y, 0.5)

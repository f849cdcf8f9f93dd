"""What nothing was done to stays, pixel for pixel: a generator's small errors do not add up over many actions.

Around the thing that an action is about, before and after, the new picture counts where it differs; everywhere else the
state's own does. And where nothing stands, earlier pictures show what is behind. Pure functions of arrays and things:
no model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.pocket.world import Thing
from engine.pocket.worlds.actions import Action
from engine.pocket.worlds.recollection import Things, box, carried

Picture = NDArray[np.uint8]
"""(height, width, 3)."""
Box = tuple[float, float, float, float]
"""Left, top, right, bottom, 0..1 of the view."""
_MARGIN: Final = 0.05
"""Around a box, in view widths: a thing is not always as large as its size's name says."""
_FADE: Final = 0.03
"""Over which the new picture passes into the old one."""
_ALIKE, _OTHER = 6.0, 16.0
"""Levels, of 255: what differs by less is the same, worn; what differs by more is something else."""
_AROUND: Final = 2
"""Pixels on either side that are looked at as well: what is alike by chance, amid what changed, is no background."""
_TINY: Final = 1e-9


@dataclass(frozen=True, eq=False)
class Shown:
    """An earlier picture, and what stood where in it."""

    picture: Picture
    things: Things


def kept(state: Picture, made: Picture, before: Sequence[Thing], action: Action, seen: Sequence[Thing]) -> Picture:
    """The made picture where the action has something to do, the state's own pixels elsewhere, with a soft edge.

    before: what is known of the state; seen: what is seen in the made picture. As made where the whole changes (another
    scene), or where the thing is not known to be in the state.
    """
    touched = _touched(before, action, seen)
    if touched is None:
        return made
    return _blended(state, made, _share(touched, state.shape[:2]) * _differing(state, made))


def revealed(
    picture: Picture, before: Sequence[Thing], action: Action, seen: Sequence[Thing], earlier: Sequence[Shown]
) -> Picture:
    """The picture, and where nothing stands now, what the earliest one shows that had nothing there either.

    So a place that was left shows what is behind it, and nothing is left over of what went. earlier: in the order of
    the way, as far back as `recollection.renewed` allows; before, seen: as in `kept`.
    """
    mine = [thing for thing in before if thing.noun == action.noun]
    unknown = action.kind not in ("wait", "appear") and not mine
    if action.kind == "scene" or unknown or not earlier:
        return picture
    size = picture.shape[:2]
    missed = [] if any(thing.noun == action.noun for thing in seen) or action.kind == "break" else mine
    behind, known = earlier[0].picture.astype(np.float64), np.zeros(size, np.float64)
    for one in earlier:
        more = (1 - known) * (1 - _share(list(map(box, one.things)), size))
        behind += (one.picture - behind) * (more / np.maximum(known + more, _TINY))[..., None]
        known += more
    now = (*carried(before, action), *seen, *missed)
    return _blended(picture, np.rint(behind).astype(np.uint8), known * (1 - _share(list(map(box, now)), size)))


def standing(state: Picture, made: Picture, things: NDArray[np.bool_]) -> Picture:
    """The things of a state in another scene: they stand where they stood, and look as they did.

    things: where they are seen in the state, (height, width); its rim, where the old scene shines through, is the new
    picture's.
    """
    inner = np.asarray(_windows(things, 1).all((-2, -1)), np.float64)
    return _blended(made, state, _windows(inner, 1).mean((-2, -1)))


def _touched(before: Sequence[Thing], action: Action, seen: Sequence[Thing]) -> list[Box] | None:
    """Where the action has something to do; None where that may be everywhere."""
    if action.kind == "wait":
        return []
    mine = [thing for thing in before if thing.noun == action.noun]
    if action.kind == "scene" or (not mine and action.kind != "appear"):
        return None
    return [box(thing) for thing in (*mine, *_after(before, action, seen))]


def _after(before: Sequence[Thing], action: Action, seen: Sequence[Thing]) -> list[Thing]:
    """What the action is about, as it should be and as it is seen."""
    names = {action.noun, action.other} if action.kind == "become" else {action.noun}
    return [thing for thing in (*carried(before, action), *seen) if thing.noun in names]


def _share(boxes: Sequence[Box], size: tuple[int, ...]) -> NDArray[np.float64]:
    """1 in the boxes and their margin, fading to 0 around them: (height, width)."""
    rows, columns = ((np.arange(length) + 0.5) / length for length in size)
    share = np.zeros(size, np.float64)
    for left, top, right, bottom in boxes:
        across = np.maximum(np.maximum(left - columns, columns - right), 0.0)[None]
        down = np.maximum(np.maximum(top - rows, rows - bottom), 0.0)[:, None]
        share = np.maximum(share, np.clip(1 - (np.hypot(across, down) - _MARGIN) / _FADE, 0.0, 1.0))
    return share


def _differing(one: Picture, other: Picture) -> NDArray[np.float64]:
    """0 where the pictures show the same, 1 where they do not: (height, width)."""
    near = _windows(np.abs(one.astype(np.float64) - other).max(-1), _AROUND).mean((-2, -1))
    return np.asarray(np.clip((near - _ALIKE) / (_OTHER - _ALIKE), 0.0, 1.0), np.float64)


def _windows(values: NDArray[Any], around: int) -> NDArray[Any]:
    """Of each place what is so many pixels around it: (height, width, edge, edge)."""
    edge = 2 * around + 1
    return np.lib.stride_tricks.sliding_window_view(np.pad(values, around, "edge"), (edge, edge))


def _blended(under: Picture, over: Picture, share: NDArray[np.float64]) -> Picture:
    """`over` where the share is 1, `under` where it is 0."""
    mixed: Picture = np.rint(under + (over.astype(np.float64) - under) * share[..., None]).astype(np.uint8)
    return mixed

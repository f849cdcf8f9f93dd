"""What a finder is: how one family of detectors is loaded, and how it is asked. Loads at once: knows no torch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from engine.pocket.naming import spoken

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from engine.pocket.finding import Piece

Find = Callable[[Any, "NDArray[np.uint8]", Sequence[str], float], "Mapping[str, list[Piece]]"]
"""Loaded detector, picture (height, width, 3), names and the least score -> name and its things."""


@dataclass(frozen=True)
class Finder:
    """One family of detectors."""

    name: str
    """As ModelProfile.driver has it."""
    load: Callable[[Path, Path | None, tuple[int, int]], Any]
    """Its folder, that of the model which makes shapes of boxes, and the size that it sees pictures in -> a detector on
    the CPU; it moves by `to(device)`."""
    find: Find
    limits: tuple[float, float]
    """The thresholds that it can be given."""
    pickles: tuple[str, ...] = ()
    """Suffixes of files that it reads as tensors alone, where others refuse them."""


def _load_pocket(folder: Path, shapes: Path | None, size: tuple[int, int]) -> Any:
    from engine.pocket.detector import PocketDetector

    return PocketDetector.from_pretrained(folder)


def _look(detector: Any, image: NDArray[np.uint8], names: Sequence[str], threshold: float) -> Mapping[str, list[Piece]]:
    from engine.pocket.finding import pieces

    sure = detector.look(image[None], [spoken(name) for name in names])[0]
    return {name: pieces(each, threshold) for name, each in zip(names, sure, strict=True)}


def _load_native(folder: Path, shapes: Path | None, size: tuple[int, int]) -> Any:
    from engine.models import trust
    from engine.models.finding.grounded import GroundedFinder
    from engine.models.finding.native import NativeGroundingDino

    trust.check_model(folder, "grounding-dino")
    return GroundedFinder(NativeGroundingDino.from_pretrained(folder), _segmenter(shapes), size)


def _load_original(folder: Path, shapes: Path | None, size: tuple[int, int]) -> Any:
    from engine.models.finding.grounded import GroundedFinder
    from engine.models.finding.original import OriginalGroundingDino

    return GroundedFinder(OriginalGroundingDino.from_checkpoint(folder), _segmenter(shapes), size)


def _segmenter(folder: Path | None) -> Any:
    """SAM 2, where there is one."""
    if folder is None:
        return None
    from engine.models import trust
    from engine.models.finding.shapes import Segmenter

    trust.check_model(folder, "sam2", "sam2_video")
    return Segmenter.from_pretrained(folder)


def _find(detector: Any, image: NDArray[np.uint8], names: Sequence[str], threshold: float) -> Mapping[str, list[Piece]]:
    found: Mapping[str, list[Piece]] = detector.find(image, names, threshold)
    return found


FINDERS: Final[Mapping[str, Finder]] = {
    one.name: one
    for one in (
        Finder("pocket", _load_pocket, _look, (0.5, 0.99)),
        Finder("grounding-dino", _load_native, _find, (0.1, 0.99)),
        Finder("groundingdino-py", _load_original, _find, (0.1, 0.99), (".pth",)),
    )
}

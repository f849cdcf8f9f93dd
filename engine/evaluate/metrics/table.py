"""All metrics by name: whose they are, what they need, and what they are called when they are taken otherwise.

A metric that is taken with other features than the published ones carries their name: "subject consistency, pocket
features" is no figure of VBench's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Final

from engine.evaluate.metrics import adjacent_frames as adjacent
from engine.evaluate.metrics import first_frame, reference, text_similarity
from engine.evaluate.metrics.consistency import consistency
from engine.evaluate.metrics.dynamic_degree import dynamic_degree
from engine.evaluate.metrics.features import (
    Captioner,
    FlowEstimator,
    Footage,
    ImageEncoder,
    Interpolator,
    PictureAndTextEncoder,
    Rater,
    TextEncoder,
    VideoAndTextEncoder,
    VideoEncoder,
)
from engine.evaluate.metrics.flow_square_mean import flow_square_mean
from engine.evaluate.metrics.length import frame_count, length
from engine.evaluate.metrics.motion_smoothness import motion_smoothness
from engine.evaluate.metrics.quality import aesthetic_quality, imaging_quality
from engine.evaluate.metrics.temporal_coherence import tcon, tmean
from engine.evaluate.metrics.temporal_style import temporal_style
from engine.evaluate.metrics.video_quality import SIX, video_quality
from engine.evaluate.metrics.video_text import video_text_integration


@dataclass(frozen=True, slots=True)
class Kit:
    """The extractors that there are, each by the part that it plays; None: there is none."""

    subject: ImageEncoder | None = None
    """What stands in the foreground: DINO."""
    background: ImageEncoder | None = None
    """The picture as a whole: CLIP ViT-B/32."""
    style: PictureAndTextEncoder | None = None
    """Pictures and words: CLIP ViT-B/32."""
    looks: ImageEncoder | None = None
    """Pictures: CLIP ViT-L/14."""
    words: PictureAndTextEncoder | None = None
    """Pictures and words: CLIP ViT-L/14."""
    clip: VideoEncoder | None = None
    """Clips as a whole: ViCLIP."""
    action: VideoAndTextEncoder | None = None
    """Clips and words: ViCLIP."""
    flow: FlowEstimator | None = None
    """RAFT."""
    interpolator: Interpolator | None = None
    """AMT-S."""
    aesthetic: Rater | None = None
    """The LAION head; 0..10."""
    imaging: Rater | None = None
    """MUSIQ; 0..100."""
    captioner: Captioner | None = None
    """Video-LLaMA and LLaVA."""
    sentences: TextEncoder | None = None
    """BERT."""

    def names(self) -> dict[str, str]:
        """Part -> whose features they are, of those that there are."""
        parts = {field.name: getattr(self, field.name) for field in fields(self)}
        return {part: extractor.name for part, extractor in parts.items() if extractor is not None}


PUBLISHED: Final[Mapping[str, str]] = {
    "subject": "DINO ViT-B/16",
    "background": "CLIP ViT-B/32",
    "style": "CLIP ViT-B/32",
    "looks": "CLIP ViT-L/14",
    "words": "CLIP ViT-L/14",
    "clip": "ViCLIP",
    "action": "ViCLIP",
    "flow": "RAFT",
    "interpolator": "AMT-S",
    "aesthetic": "LAION aesthetic head",
    "imaging": "MUSIQ",
    "captioner": "LLaVA and Video-LLaMA",
    "sentences": "BERT",
}
"""Part -> whose features the published figures are of."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric."""

    suite: str
    """`vbench`, `mora`, `aigcbench`."""
    take: Callable[..., float]
    """Footage and the extractors that it needs, in order -> its value."""
    needs: tuple[str, ...] = ()
    """Fields of Kit."""
    given: tuple[str, ...] = ()
    """Fields of Footage that must be there beside the frames."""
    better: str = "higher"
    """`higher`, `lower`, or "" where neither is better."""

    def shown(self, name: str, kit: Mapping[str, str]) -> str:
        """Its name with these extractors (part -> whose): the published one only with the published features."""
        others = dict.fromkeys(kit[part] for part in self.needs if kit[part] != PUBLISHED[part])
        return f"{name}, {' and '.join(others)}" if others else name


METRICS: Final[Mapping[str, Metric]] = {
    "subject consistency": Metric("vbench", consistency, ("subject",)),
    "background consistency": Metric("vbench", consistency, ("background",)),
    "motion smoothness": Metric("vbench", motion_smoothness, ("interpolator",)),
    "dynamic degree": Metric("vbench", dynamic_degree, ("flow",)),
    "aesthetic quality": Metric("vbench", aesthetic_quality, ("aesthetic",)),
    "imaging quality": Metric("vbench", imaging_quality, ("imaging",)),
    "temporal style": Metric("vbench", temporal_style, ("action",), ("prompt",)),
    "appearance style": Metric("vbench", text_similarity.appearance_style, ("style",), ("style",)),
    "VideoTI": Metric("mora", video_text_integration, ("captioner", "sentences"), ("image", "prompt")),
    "TCON": Metric("mora", tcon, ("clip",), ("reference",)),
    "Tmean": Metric("mora", tmean, ("clip",), ("reference", "second")),
    "length": Metric("mora", length, better=""),
    "adjacent frames": Metric("aigcbench", adjacent.adjacent_frames, ("looks",)),
    "text similarity": Metric("aigcbench", text_similarity.text_similarity, ("words",), ("prompt",)),
    "image similarity": Metric("aigcbench", first_frame.image_similarity, ("looks",), ("image",)),
    "first frame MSE": Metric("aigcbench", first_frame.first_frame_mse, given=("image",), better="lower"),
    "first frame SSIM": Metric("aigcbench", first_frame.first_frame_ssim, given=("image",)),
    "reference key frames": Metric("aigcbench", reference.key_frame_similarity, ("looks",), ("reference",)),
    "reference SSIM": Metric("aigcbench", reference.key_frame_ssim, given=("reference",)),
    "reference frames": Metric("aigcbench", reference.corresponding_frames, ("looks",), ("reference",)),
    "flow square mean": Metric("aigcbench", flow_square_mean, ("flow",), better=""),
    "frame count": Metric("aigcbench", frame_count, better=""),
}
"""Name -> metric."""

QUALITY: Final = "video quality"
"""Mora's mean of six, worked out of the others."""


def measure(footage: Footage, kit: Kit, names: tuple[str, ...]) -> tuple[dict[str, float], dict[str, str]]:
    """The values of these metrics by their shown names; and of those that could not be taken, why.

    An error of one metric keeps no other from being taken.
    """
    whose = kit.names()
    plain: dict[str, float] = {}
    row: dict[str, float] = {}
    why: dict[str, str] = {}
    for name in names:
        metric = METRICS[name]
        missing = _missing(metric, footage, whose)
        if missing:
            why[name] = missing
            continue
        try:
            plain[name] = metric.take(footage, *(getattr(kit, part) for part in metric.needs))
        except Exception as error:
            why[name] = str(error)
        else:
            row[metric.shown(name, whose)] = plain[name]
    quality = video_quality(plain)
    if quality is not None:
        published = all(METRICS[name].shown(name, whose) == name for name in SIX)
        row[QUALITY if published else f"{QUALITY}, other features than the published"] = quality
    return row, why


def _missing(metric: Metric, footage: Footage, whose: Mapping[str, str]) -> str:
    """What a metric needs and has not got; "" where it can be taken."""
    parts = [PUBLISHED[part] for part in metric.needs if part not in whose]
    given = [name for name in metric.given if not _there(getattr(footage, name))]
    told = [f"needs {' and '.join(dict.fromkeys(parts))}, which is not here"] if parts else []
    told += [f"needs {_GIVEN[name]}" for name in given]
    return "; ".join(told)


_GIVEN: Final = {
    "prompt": "the words that were asked for",
    "style": "a style in words",
    "image": "the picture that it began with",
    "reference": "a reference video",
    "second": "a second input video",
}


def _there(value: object) -> bool:
    return value is not None and not (isinstance(value, str) and not value)

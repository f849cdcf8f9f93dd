"""Who plays which part when videos are measured: published models that are here, else what ships, else nobody.

ViCLIP, AMT and MUSIQ have no weights in a format that is loaded here (safetensors of a class that a library has), so
those parts are played by others, whose names the metrics carry.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from engine.evaluate.metrics.table import Kit
from engine.models import places, trust
from engine.models.manifest import revision_of


@dataclass(frozen=True, slots=True)
class Source:
    """A repository whose model plays some parts."""

    name: str
    """Whose features they are."""
    repository: str
    kind: str
    """Class in engine.evaluate.extractors.hub."""
    parts: tuple[str, ...]
    """Fields of Kit."""


SOURCES: Final = (
    Source("DINO ViT-B/16", "facebook/dino-vitb16", "Dino", ("subject",)),
    Source("CLIP ViT-B/32", "openai/clip-vit-base-patch32", "Clip", ("background", "style")),
    Source("CLIP ViT-L/14", "openai/clip-vit-large-patch14", "Clip", ("looks", "words")),
    Source(
        "LAION aesthetic head", "shunk031/aesthetics-predictor-v1-vit-large-patch14", "AestheticHead", ("aesthetic",)
    ),
    Source("X-CLIP", "microsoft/xclip-base-patch32", "XClip", ("clip", "action")),
    Source("BLIP", "Salesforce/blip-image-captioning-base", "Blip", ("captioner",)),
    Source("BERT", "google-bert/bert-base-uncased", "Sentences", ("sentences",)),
)


@dataclass(frozen=True, slots=True)
class Equipped:
    """Extractors, and which weights they have."""

    kit: Kit
    weights: dict[str, str]
    """Whose features -> commit or digest; for the identity of a run."""


def equip(hub: bool, root: Path, sources: tuple[Source, ...] = SOURCES) -> Equipped:
    """The extractors that there are. hub: whether published models may play. root: the project's
    folder, which holds assets/.

    Raises WeightsMissingError, WeightsAlteredError and WeightsRefusedError.
    """
    from engine.evaluate.extractors import pocket, raft
    from engine.evaluate.extractors.classical import Colourfulness, FarnebackFlow, FlowInterpolator, Sharpness

    latents, judge, sentences, revision = pocket.load(root / "assets")
    kit = Kit(
        subject=judge, background=latents, looks=latents, clip=judge, flow=FarnebackFlow(),
        interpolator=FlowInterpolator(), aesthetic=Colourfulness(), imaging=Sharpness(), captioner=judge,
        sentences=sentences,
    )  # fmt: skip
    weights = {"pocket": revision}
    for source in sources if hub else ():
        if places.has(source.repository, None, root):
            extractor, weights[source.name] = _load(source, root)
            kit = replace(kit, **dict.fromkeys(source.parts, extractor))
    if hub and (file := raft.kept()).is_file():
        weights[raft.NAME] = raft.revision(file)
        kit = replace(kit, flow=raft.Raft(file))
    return Equipped(kit, weights)


def _load(source: Source, root: Path) -> tuple[Any, str]:
    from engine.evaluate.extractors import hub

    place = places.locate(source.repository, None, root)
    if place.commit is None:
        trust.check_files(place.folder)
    return getattr(hub, source.kind)(place.folder, source.name), revision_of(place)

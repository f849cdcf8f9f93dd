"""The tiny detectors, saved once for all tests of a process, and a lease that lends them by their rows' names."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import torch

from engine.models import own_rows, profiles
from engine.models.lease import Lease
from engine.models.profiles import PROFILES
from engine.models.rows.detectors import GROUNDING_DINO_TINY
from tests.models.finding import twins

ORIGINAL = "grounding-dino-original"


@dataclass(frozen=True)
class Detectors:
    """Where they lie, and who lends them."""

    root: Path
    lease: Lease

    @property
    def native(self) -> Path:
        """As transformers keeps it."""
        return self.root / GROUNDING_DINO_TINY.repository

    @property
    def original(self) -> Path:
        """As the authors' package keeps it."""
        return self.root / "original"


@pytest.fixture(scope="session")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Detectors:
    root = tmp_path_factory.mktemp("detectors")
    torch.manual_seed(0)
    twins.grounding_dino(root / GROUNDING_DINO_TINY.repository)
    twins.original(root / GROUNDING_DINO_TINY.repository, root / "original")
    twins.sam(root / str(GROUNDING_DINO_TINY.refiner))
    (root / "rows").mkdir()
    told = 'repository = "original"\ndriver = "groundingdino-py"\nsizes = [[96, 64]]\n'
    (root / "rows" / f"{ORIGINAL}.toml").write_text(told)
    plain = told.replace("original", GROUNDING_DINO_TINY.repository).replace("groundingdino-py", "grounding-dino")
    (root / "rows" / "boxes-only.toml").write_text(plain)
    rows = (*PROFILES, *own_rows.read(root / "rows", PROFILES))
    return Detectors(root, Lease(torch.device("cpu"), root=root, rows=rows))


@pytest.fixture
def detectors(saved: Detectors, monkeypatch: pytest.MonkeyPatch) -> Detectors:
    """With the table's own row seeing pictures as small as the others do."""
    small = replace(GROUNDING_DINO_TINY, sizes=((96, 64),))
    monkeypatch.setattr(profiles, "DETECTORS", (profiles.DETECTOR, small))
    return saved

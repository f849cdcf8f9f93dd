"""Which weights a folder holds, and whether they are the ones that belong there: hashes in, a revision out.

A folder that ships with the code has a `manifest.json` (file name -> sha256). Nothing is loaded here.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from engine.errors import WeightsAlteredError, WeightsMissingError
from engine.models.places import Place

MANIFEST = "manifest.json"
_REMEDY = "Get the file again (git checkout, or a fresh clone), then make the take again."
_HEADER_BYTES = 65_536


def digest(path: Path) -> str:
    """Sha256 of a file, hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_manifest(folder: Path) -> None:
    """Record the hash of every file below `folder`, in a fixed order."""
    names = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    hashes = {name: digest(folder / name) for name in names if name != MANIFEST}
    (folder / MANIFEST).write_text(json.dumps(hashes, indent=1) + "\n")


def verify(folder: Path) -> str:
    """Check every file that the manifest names; returns the manifest's own hash, which serves as revision.

    Raises WeightsMissingError or WeightsAlteredError naming the file, the hash found and the hash expected.
    """
    manifest = folder / MANIFEST
    if not manifest.is_file():
        raise WeightsMissingError("The model's manifest is missing", _REMEDY, value=str(manifest))
    expected: dict[str, str] = json.loads(manifest.read_text())
    for name, wanted in expected.items():
        path = folder / name
        if not path.is_file():
            raise WeightsMissingError("A file of the model is missing", _REMEDY, value=name, limit=f"sha256 {wanted}")
        found = digest(path)
        if found != wanted:
            what = f"The model file {name} is not the one that belongs here"
            raise WeightsAlteredError(what, _REMEDY, value=f"sha256 {found}", limit=f"sha256 {wanted}")
    return digest(manifest)


def revision_of(place: Place) -> str:
    """Which weights a folder without a manifest holds: the hub's commit, or, for one's own, a digest of names, sizes,
    plain settings and the headers of the weights. The weights themselves are not read for it."""
    if place.commit is not None:
        return place.commit
    found = hashlib.sha256()
    for path in sorted(path for path in place.folder.rglob("*") if path.is_file()):
        found.update(f"{path.relative_to(place.folder).as_posix()} {path.stat().st_size}\n".encode())
        with path.open("rb") as stream:
            found.update(stream.read(_HEADER_BYTES))
    return f"folder-{found.hexdigest()[:16]}"

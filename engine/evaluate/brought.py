"""A file that the person brings: prompts, results, labels. No more of it is read than fits: it can be endless."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from engine.errors import BenchmarkError

MOST_BYTES: Final = 64 * 1024 * 1024
"""Of a file that is read."""


def brought(path: Path, remedy: str = "Name another one.") -> bytes:
    """All of a file. Raises BenchmarkError for one that cannot be read, with this remedy, or is too large."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        reason = error.strerror or "no file"
        raise BenchmarkError("The file cannot be read", remedy, value=f"{path.name}: {reason}") from error
    if len(data) > MOST_BYTES:
        limit = f"{MOST_BYTES // 2**20} MiB"
        raise BenchmarkError("The file is too large", "Cut it in parts.", value=path.name, limit=limit)
    return data

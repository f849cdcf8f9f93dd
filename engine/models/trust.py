"""What of a model's folder may be loaded: safetensors and plain settings; no pickles, no code. Reads no weights."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from engine.errors import WeightsMissingError, WeightsRefusedError

INDEX: Final = "model_index.json"
"""Names the parts of a pipeline."""
CONFIG: Final = "config.json"
"""The settings of a single model."""
_PICKLES: Final = frozenset(
    {".bin", ".ckpt", ".pt", ".pth", ".pkl", ".pickle", ".joblib", ".npz", ".npy", ".h5", ".msgpack"}
)
_CODE: Final = frozenset({".py", ".pyc", ".so", ".dll", ".dylib", ".sh"})
_LIBRARIES: Final = ("diffusers", "transformers", "ltx2")
"""What an index may call the home of a class; `ltx2` is a folder of diffusers' own pipelines, and read from there."""
_FROM: Final = "Use a repository in diffusers' own format, with safetensors."


def check(folder: Path, classes: tuple[str, ...]) -> None:
    """Raise WeightsRefusedError for a folder that is none of these pipelines or has a part that no library has,
    WeightsMissingError for one that is no model."""
    index = _index(folder)
    for name, value in _components(index):
        if not isinstance(value, list) or len(value) != 2 or value[0] not in (*_LIBRARIES, None):
            raise _refused("A part of the model is of a class that the libraries do not have", name, _FROM)
    found = index.get("_class_name")
    if found not in classes:
        known = " or ".join(classes)
        what = "The folder holds another kind of model"
        raise WeightsRefusedError(what, "Name the driver that belongs to it.", value=str(found), limit=known)


def check_model(folder: Path, *types: str) -> None:
    """Raise WeightsRefusedError for a folder whose settings are of another model of transformers than these,
    WeightsMissingError for one that is no model."""
    found = _index(folder, CONFIG).get("model_type")
    if found not in types:
        what = "The folder holds another kind of model"
        known = " or ".join(types)
        raise WeightsRefusedError(what, "Name the driver that belongs to it.", value=str(found), limit=known)


def check_files(folder: Path, read: tuple[str, ...] = ()) -> None:
    """Raise WeightsRefusedError naming a file that may hold code; suffixes in `read` have a reader that runs none.

    For folders of one's own: of a hub's repository only what is needed was fetched, and what else lies there is not
    loaded."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        if path.suffix.lower() in _PICKLES - {*read}:
            raise _refused(
                "A file of the model is a pickle, which could run code",
                name,
                "Remove it, or fetch only the safetensors.",
            )
        if path.suffix.lower() in _CODE:
            raise _refused("The model brings code of its own, which is never run", name, _FROM)


def _index(folder: Path, name: str = INDEX) -> dict[str, Any]:
    try:
        index = json.loads((folder / name).read_text(encoding="utf-8"))
    except FileNotFoundError:
        what = f"The folder is no model in {'diffusers' if name == INDEX else 'transformers'}' format"
        raise WeightsMissingError(what, _FROM, value=str(folder / name)) from None
    except (ValueError, UnicodeDecodeError):
        index = None
    if not isinstance(index, dict):
        raise _refused("The model's index cannot be read", name, "Get the file again.")
    return index


def _components(index: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The parts of a pipeline; what else stands in the index are plain settings."""
    for name, value in index.items():
        if not name.startswith("_") and isinstance(value, list):
            yield name, value


def _refused(what: str, name: str, remedy: str) -> WeightsRefusedError:
    return WeightsRefusedError(what, remedy, value=name)

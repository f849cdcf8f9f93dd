"""What the person chose for the whole home: `GREENLIGHT_HOME/settings.json`. Never a key.

Read anew each time, so that the page and the worker agree.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from engine.configuration import LanguageModel, check_language_model
from engine.disk import Disk, storage_error, write_file
from engine.errors import SettingError, StorageError

_NAME = "settings.json"
_LANGUAGE_MODEL = "language_model"
_PRESET = "preset"


class Preferences:
    """The file of choices. Threads and processes may share it."""

    def __init__(self, home: Path, disk: Disk | None = None) -> None:
        self._path = home / _NAME
        self._disk = disk or Disk()
        self._lock = threading.Lock()

    def language_model(self, otherwise: LanguageModel | None) -> LanguageModel | None:
        """The chosen server, `None` when the offline writer was chosen, `otherwise` when nothing was.

        Raises StorageError when the file does not say what it should.
        """
        fields = self._read()
        if _LANGUAGE_MODEL not in fields:
            return otherwise
        try:
            chosen = fields[_LANGUAGE_MODEL]
            choice = None if chosen is None else LanguageModel(**chosen)
            if choice is not None:
                check_language_model(choice)
            return choice
        except (TypeError, AttributeError, SettingError) as error:
            raise self._damaged() from error

    def set_language_model(self, choice: LanguageModel | None) -> None:
        """Choose a server, or with `None` the offline writer. Raises SettingError, StorageError."""
        if choice is not None:
            check_language_model(choice)
        self._change(_LANGUAGE_MODEL, None if choice is None else asdict(choice))

    def preset(self) -> str:
        """Name of the chosen preset of models; empty when none was. Raises StorageError."""
        return str(self._read().get(_PRESET, ""))

    def set_preset(self, name: str) -> None:
        """Choose a preset of models. Raises StorageError."""
        self._change(_PRESET, name)

    # ------------------------------------------------------------------------------------------------ inside

    def _read(self) -> dict[str, Any]:
        """Everything in the file; empty where there is none. Raises StorageError."""
        try:
            fields = json.loads(self._path.read_bytes())
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise storage_error("The settings cannot be read", self._path, error) from error
        except ValueError as error:
            raise self._damaged() from error
        if not isinstance(fields, dict):
            raise self._damaged()
        return fields

    def _change(self, name: str, value: object) -> None:
        """Replace one choice, and leave the others; a file that says nothing usable is begun anew."""
        with self._lock:
            try:
                fields: Mapping[str, Any] = self._read()
            except StorageError:
                fields = {}
            try:
                self._disk.make_folder(self._path.parent)
                write_file(self._disk, self._path, json.dumps({**fields, name: value}, indent=1).encode())
            except OSError as error:
                raise storage_error("The settings cannot be saved", self._path, error) from error

    def _damaged(self) -> StorageError:
        return StorageError(
            "The file of settings does not say what it should",
            "Remove it, or mend it, and choose the language model again.",
            value=str(self._path),
        )

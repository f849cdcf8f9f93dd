"""What the person chose for the whole home: `GREENLIGHT_HOME/settings.json`. Never a key.

Read anew each time, so that the page and the worker agree.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from engine.configuration import LanguageModel, check_language_model
from engine.disk import Disk, storage_error, write_file
from engine.errors import SettingError, StorageError

_NAME = "settings.json"
_LANGUAGE_MODEL = "language_model"


class Preferences:
    """The file of choices. Threads and processes may share it."""

    def __init__(self, home: Path, disk: Disk | None = None) -> None:
        self._path = home / _NAME
        self._disk = disk or Disk()

    def language_model(self, otherwise: LanguageModel | None) -> LanguageModel | None:
        """The chosen server, `None` when the offline writer was chosen, `otherwise` when nothing was.

        Raises StorageError when the file does not say what it should.
        """
        try:
            fields = json.loads(self._path.read_bytes())
            if not isinstance(fields, dict):
                raise TypeError("not an object")
            if _LANGUAGE_MODEL not in fields:
                return otherwise
            chosen = fields[_LANGUAGE_MODEL]
            choice = None if chosen is None else LanguageModel(**chosen)
            if choice is not None:
                check_language_model(choice)
            return choice
        except FileNotFoundError:
            return otherwise
        except OSError as error:
            raise storage_error("The settings cannot be read", self._path, error) from error
        except (ValueError, TypeError, AttributeError, SettingError) as error:
            raise StorageError(
                "The file of settings does not say what it should",
                "Remove it, or mend it, and choose the language model again.",
                value=str(self._path),
            ) from error

    def set_language_model(self, choice: LanguageModel | None) -> None:
        """Choose a server, or with `None` the offline writer. Raises SettingError, StorageError."""
        if choice is not None:
            check_language_model(choice)
        chosen = None if choice is None else asdict(choice)
        try:
            self._disk.make_folder(self._path.parent)
            write_file(self._disk, self._path, json.dumps({_LANGUAGE_MODEL: chosen}, indent=1).encode())
        except OSError as error:
            raise storage_error("The settings cannot be saved", self._path, error) from error

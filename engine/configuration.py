"""Where Greenlight keeps its things and what it listens on: read once from the environment, then passed along.

Reading makes no folder and opens no connection. Standard library and platformdirs only.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from platformdirs import user_data_path

from engine.errors import SettingError

DEFAULT_KEY_VARIABLE = "GREENLIGHT_LLM_API_KEY"
_DEFAULT_MODEL = "default"
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]{0,79}")
_NAME_CHARACTERS = 200
_LONGEST_SECONDS = 3600
_MOST = 64
_SPACE_DISK = Path("/data")
"""Where a Space keeps what outlives it, if it has such a disk."""


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """An OpenAI-compatible server that may write prompts. Holds the name of the key's variable, never the key."""

    base_url: str
    """`http://localhost:11434/v1`"""
    model: str
    """As the server calls it."""
    key_variable: str = DEFAULT_KEY_VARIABLE
    """Name of the environment variable that holds the key."""
    timeout_seconds: float = 30.0
    """How long one answer may take."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a person may ask for at once."""

    prompt_characters: int = 2_000
    """Longest prompt, and longest field of one."""
    takes: int = 4
    """Most takes asked for at once."""
    archive_bytes: int = 8 * 1024**3
    """Largest project that is taken in, unpacked."""
    upload_bytes: int = 512 * 1024**2
    """Largest file that the page takes."""
    waiting: int | None = None
    """Most takes that one visitor may have in the queue, the running ones counted; `None`: any number."""
    projects: int | None = None
    """Most projects that one visitor may have; `None`: any number."""
    withheld: frozenset[str] = frozenset()
    """Settings of a stage that nobody may choose here."""


PUBLIC = Limits(
    prompt_characters=1_000,
    archive_bytes=256 * 1024**2,
    upload_bytes=64 * 1024**2,
    waiting=6,
    projects=24,
    withheld=frozenset({"loras", "memory", "gpus"}),
)
"""The limits of a host that strangers visit."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """Everything that differs between one machine and the next."""

    home: Path
    """Projects, queue and settings live below it; made when first written."""
    host: str = "127.0.0.1"
    """Address that the page is served on."""
    port: int = 7860
    """And its port."""
    language_model: LanguageModel | None = None
    """Server that writes prompts, unless the person chose another one; `None`: the offline writer."""
    memory: str = "automatic"
    """How models are held on a GPU, unless a stage says otherwise: see engine.models.memory.modes."""
    limits: Limits = Limits()
    """How much may be asked for."""
    workers: int | None = None
    """How many jobs that need a device are made side by side; `None`: as many as there are GPUs, else one."""
    gpus_per_job: int = 1
    """Over how many GPUs one job is spread."""
    public: bool = False
    """Whether strangers visit: each sees projects of their own alone, and nobody can change what the house has."""
    granted: bool = False
    """Whether the GPU is granted to single calls (a ZeroGPU Space): jobs run inside them, and there is no worker."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Configuration:
        """Read GREENLIGHT_HOME, GREENLIGHT_HOST, GREENLIGHT_PORT, GREENLIGHT_MEMORY, GREENLIGHT_WORKERS,
        GREENLIGHT_GPUS_PER_JOB and GREENLIGHT_LLM_*. On a Hugging Face Space (SYSTEM, SPACES_ZERO_GPU) everything is
        for visitors, and projects are kept on its disk if it has one.

        Raises SettingError when a value cannot be used.
        """
        given = os.environ if environment is None else environment
        home = given.get("GREENLIGHT_HOME")
        space = given.get("SYSTEM") == "spaces"
        if not home and space and os.access(_SPACE_DISK, os.W_OK):
            home = str(_SPACE_DISK / "greenlight")
        return cls(
            home=Path(home).expanduser().absolute() if home else user_data_path("greenlight", appauthor=False),
            host=given.get("GREENLIGHT_HOST") or ("0.0.0.0" if space else "127.0.0.1"),
            port=_port(given.get("GREENLIGHT_PORT") or "7860"),
            language_model=_language_model(given),
            memory=given.get("GREENLIGHT_MEMORY") or "automatic",
            workers=_count(given, "GREENLIGHT_WORKERS"),
            gpus_per_job=_count(given, "GREENLIGHT_GPUS_PER_JOB") or 1,
            limits=PUBLIC if space else Limits(),
            public=space,
            granted=space and given.get("SPACES_ZERO_GPU", "").lower() in ("1", "t", "true"),
        )


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) <= 65_535:
        return int(text)
    raise SettingError(
        "The port cannot be used", "Set GREENLIGHT_PORT to a whole number.", value=text, limit="0 to 65535"
    )


def _count(given: Mapping[str, str], name: str) -> int | None:
    """A number of workers or GPUs; `None` where nothing is said, or `automatic`."""
    text = given.get(name) or "automatic"
    if text == "automatic":
        return None
    if text.isascii() and text.isdigit() and 1 <= int(text) <= _MOST:
        return int(text)
    raise SettingError(f"{name} cannot be used", "Use a whole number, or automatic.", value=text, limit=f"1 to {_MOST}")


def check_language_model(choice: LanguageModel) -> None:
    """Raise SettingError when a server cannot be asked so. No message repeats what may be a key."""
    parts = urlsplit(choice.base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        raise SettingError(
            "The language model's address cannot be used",
            "Use an address such as http://localhost:11434/v1, with no name and password in it.",
        )
    if not choice.model.strip() or len(choice.model) > _NAME_CHARACTERS:
        raise SettingError("The language model has no name", "Use the name that its server knows it by.")
    if not _VARIABLE.fullmatch(choice.key_variable):
        raise SettingError(
            "This is not the name of an environment variable",
            f"Put the key into a variable and use the variable's name, such as {DEFAULT_KEY_VARIABLE}.",
        )
    if not 0 < choice.timeout_seconds <= _LONGEST_SECONDS:
        raise SettingError(
            "The language model's time-out cannot be used",
            "Use a number of seconds.",
            value=f"{choice.timeout_seconds:g}",
            limit=f"more than 0, at most {_LONGEST_SECONDS}",
        )


def _language_model(given: Mapping[str, str]) -> LanguageModel | None:
    address = given.get("GREENLIGHT_LLM_BASE_URL")
    if not address:
        return None
    choice = LanguageModel(
        base_url=address,
        model=given.get("GREENLIGHT_LLM_MODEL") or _DEFAULT_MODEL,
        timeout_seconds=_seconds(given.get("GREENLIGHT_LLM_TIMEOUT") or "30"),
    )
    check_language_model(choice)
    return choice


def _seconds(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0  # which is out of range

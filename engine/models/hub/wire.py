"""What is said to a hub: what a repository holds, where a file is, and its bytes from any place on.

huggingface_hub speaks; from its second version on it begins a file anew after every break, so the bytes are read here.
Its own settings are overruled in three things: the token comes from the caller alone, never from a file that a login
left; nothing is told about this machine; no request is tried again behind the caller's back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from engine.errors import HubError, SettingError, WeightsMissingError
from engine.models.hub import refusals
from engine.models.hub.cache import COMMIT, DIGEST
from engine.models.hub.choice import HubFile

_SECONDS: Final = 10.0
"""How long the hub may be silent."""
_NOTE_BYTES: Final = 1 << 20
"""Largest text that is read into memory."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Described:
    """A repository at one commit."""

    commit: str
    """40 hex digits."""
    gated: bool
    """Whether its terms must be accepted."""
    files: tuple[HubFile, ...]
    """All that it holds."""


@dataclass(frozen=True, slots=True)
class Wire:
    """The way to one hub."""

    endpoint: str
    """`https://huggingface.co`"""
    token: str = field(repr=False)
    """What HF_TOKEN holds; may be empty."""
    offline: bool
    """Nothing may be asked."""

    def describe(self, repository: str, revision: str) -> Described:
        """What the repository holds at a branch, tag or commit.

        Raises HubError and its kinds: gone, renamed, no such commit, token refused, not reachable.
        """
        from huggingface_hub import HfApi

        self._begin(repository)
        api = HfApi(endpoint=self.endpoint, token=self._token)
        said = self._say(
            repository,
            revision,
            lambda: api.model_info(repository, revision=revision, files_metadata=True, timeout=_SECONDS),
        )
        if said.id != repository:
            raise refusals.renamed(repository, said.id)
        commit = said.sha or ""
        if not COMMIT.fullmatch(commit):
            raise refusals.unreachable("an answer without a commit")
        files = tuple(_file(sibling) for sibling in said.siblings or ())
        return Described(commit, bool(said.gated), files)

    def locate(self, repository: str, commit: str, file: HubFile) -> str:
        """The address that the file's bytes come from; good for some minutes.

        Raises HubError and its kinds (gated, …), WeightsMissingError, WeightsAlteredError when the hub has other
        content there than it said.
        """
        from huggingface_hub import get_hf_file_metadata, hf_hub_url

        self._begin(repository)
        address = hf_hub_url(repository, file.name, revision=commit, endpoint=self.endpoint)
        found = self._say(
            repository,
            commit,
            lambda: get_hf_file_metadata(address, token=self._token, timeout=_SECONDS, endpoint=self.endpoint),
        )
        if found.etag != file.digest:
            raise refusals.altered(file.name, repository, file.digest)
        return str(found.location)

    def read_note(self, repository: str, commit: str, file: HubFile) -> dict[str, Any]:
        """A small JSON file's object. Raises HubError and its kinds, WeightsMissingError."""
        location = self.locate(repository, commit, file)

        def whole() -> bytes:
            with self.stream(location, 0) as (_, chunks):
                return b"".join(chunks)

        try:
            if file.size_bytes > _NOTE_BYTES:
                raise ValueError(f"{file.size_bytes} bytes")
            value = json.loads(self._say(repository, commit, whole))
            if not isinstance(value, dict):
                raise TypeError("not an object")
        except (ValueError, TypeError):
            raise refusals.unreadable(file.name) from None
        return value

    @contextmanager
    def stream(self, location: str, begin: int) -> Iterator[tuple[int, Iterator[bytes]]]:
        """The bytes at an address from `begin` on: where they really begin (0 when it can't do other), and the chunks.

        Raises the library's own errors: see `failures`.
        """
        from huggingface_hub.utils import build_hf_headers, get_session, hf_raise_for_status

        ours = urlsplit(location)[:2] == urlsplit(self.endpoint)[:2]
        headers = build_hf_headers(token=self._token if ours else False)
        headers["Accept-Encoding"] = "identity"
        if begin:
            headers["Range"] = f"bytes={begin}-"
        with get_session().stream("GET", location, headers=headers, timeout=_SECONDS) as response:
            hf_raise_for_status(response)
            yield (begin if response.status_code == 206 else 0), response.iter_bytes()

    def link(self, repository: str, commit: str, file: HubFile, cache: Path) -> None:
        """Show a file, whose content lies in the cache, in the folder of its commit. Raises HubError, OSError."""
        from huggingface_hub import hf_hub_download

        self._begin(repository)
        self._say(
            repository,
            commit,
            lambda: hf_hub_download(
                repository, file.name, revision=commit, cache_dir=cache, token=self._token, endpoint=self.endpoint
            ),
        )

    def data_set(self, repository: str) -> tuple[str, tuple[str, ...]]:
        """A data set's commit on `main`, and the names of its files. Raises as `describe` does."""
        from huggingface_hub import HfApi

        self._begin(repository)
        api = HfApi(endpoint=self.endpoint, token=self._token)
        said = self._say(repository, "main", lambda: api.dataset_info(repository, revision="main", timeout=_SECONDS))
        return said.sha or "main", tuple(str(sibling.rfilename) for sibling in said.siblings or ())

    def data_set_file(self, repository: str, commit: str, name: str, most_bytes: int) -> bytes:
        """A data set's file, at most so many bytes of it and one more. Raises as `describe` does."""
        from huggingface_hub import hf_hub_url

        self._begin(repository)
        address = hf_hub_url(repository, name, repo_type="dataset", revision=commit, endpoint=self.endpoint)

        def whole() -> bytes:
            """As much as is wanted."""
            data = bytearray()
            with self.stream(address, 0) as (_, chunks):
                for chunk in chunks:
                    data += chunk
                    if len(data) > most_bytes:
                        break
            return bytes(data[: most_bytes + 1])

        return self._say(repository, commit, whole)

    @property
    def _token(self) -> str | bool:
        return self.token or False

    def _begin(self, repository: str) -> None:
        """Make the library keep to our rules. Raises HubOfflineError, SettingError before anything is asked."""
        from huggingface_hub import constants
        from huggingface_hub.utils import HFValidationError, validate_repo_id

        constants.HF_HUB_DISABLE_TELEMETRY = True
        if self.offline:
            raise refusals.offline(repository)
        if not self.token.isascii() or not self.token.isprintable():
            raise refusals.token_refused()
        try:
            validate_repo_id(repository)
        except HFValidationError:
            raise SettingError(
                "This is no name of a repository", "Use a name such as stabilityai/sdxl-turbo.", value=repository[:120]
            ) from None

    def _say(self, repository: str, revision: str, call: Callable[[], T]) -> T:
        """What a call gives, its failures in our words, and raised where no library error is being handled."""
        problem: HubError | WeightsMissingError
        try:
            return call()
        except failures() as error:
            problem = refusals.named(error, repository, revision, bool(self.token))
        raise problem


def failures() -> tuple[type[Exception], ...]:
    """What the library raises when the hub, or the way to it, fails."""
    from huggingface_hub import errors

    return errors.HTTPError, errors.OfflineModeIsEnabled, errors.EntryNotFoundError, errors.FileMetadataError


def _file(sibling: Any) -> HubFile:
    """What the hub says of a file. Raises HubError where that would lead out of the cache's folder."""
    name, digest = str(sibling.rfilename), str(sibling.lfs.sha256 if sibling.lfs else sibling.blob_id)
    if not DIGEST.fullmatch(digest) or PurePosixPath(name).is_absolute() or {"..", ""} & set(name.split("/")):
        raise refusals.unreadable(name)
    return HubFile(name, int(sibling.size or 0), digest)

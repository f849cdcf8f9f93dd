"""What can go wrong between here and the hub, as named errors in plain words.

No message holds a token or a signed address, and no error is raised from the library's own: those carry the request
and its headers.
"""

from __future__ import annotations

from engine.errors import (
    CommitMissingError,
    DiskFullError,
    DownloadCutError,
    DownloadStopped,
    HubError,
    HubOfflineError,
    HubUnreachableError,
    RepositoryGatedError,
    RepositoryGoneError,
    RepositoryRenamedError,
    TokenRefusedError,
    WeightsAlteredError,
    WeightsMissingError,
)

_RESUME = "What came is kept: fetch it again, and it goes on from there."


def sized(size_bytes: int) -> str:
    """A number of bytes as a person reads it, in powers of ten: `6.9 GB`."""
    size = float(size_bytes)
    for unit in ("B", "kB", "MB"):
        if size < 999.5:
            return f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"


def named(error: Exception, repository: str, revision: str, token: bool) -> HubError | WeightsMissingError:
    """The library's error for a request about a repository, in our words. `token` says whether one was sent."""
    from huggingface_hub import errors

    at = f"{repository} at {revision}"
    if isinstance(error, errors.OfflineModeIsEnabled):
        return offline(repository)
    if isinstance(error, errors.GatedRepoError):
        return _gated(repository, token)
    if isinstance(error, errors.RevisionNotFoundError):
        return CommitMissingError(
            "The repository has no such commit, branch or tag", "Choose one that its page lists.", value=at
        )
    if isinstance(error, errors.RemoteEntryNotFoundError):
        return WeightsMissingError(
            "The hub lists a file that it does not have", "Choose another revision, or tell the owner.", value=at
        )
    status = getattr(getattr(error, "response", None), "status_code", 0)
    if isinstance(error, errors.DisabledRepoError):
        return RepositoryGoneError("The hub has closed this repository", "Choose another one.", value=repository)
    if status == 401 and token and not isinstance(error, errors.RepositoryNotFoundError):
        return token_refused()
    if status in (401, 403, 404) or isinstance(error, errors.RepositoryNotFoundError):
        return RepositoryGoneError(
            "The hub has no such repository, or it is private",
            "Check the name on huggingface.co; for a private one put a token that may read it into HF_TOKEN.",
            value=repository,
        )
    return unreachable(f"HTTP {status}" if status else type(error).__name__)


def token_refused() -> TokenRefusedError:
    """The token is none, or none any more."""
    return TokenRefusedError(
        "The hub does not take the token",
        "Make a new one at huggingface.co/settings/tokens, put it into HF_TOKEN and start Greenlight again.",
        value="HF_TOKEN",
    )


def _gated(repository: str, token: bool) -> RepositoryGatedError:
    accept = f"Open huggingface.co/{repository} and accept its terms"
    after = "; then fetch it again." if token else ", put a token of yours into HF_TOKEN and start Greenlight again."
    what = "The owner of this repository wants its terms accepted first"
    return RepositoryGatedError(what, accept + after, value=repository)


def offline(repository: str) -> HubOfflineError:
    """Greenlight was told not to use the network."""
    return HubOfflineError(
        "Nothing is downloaded while HF_HUB_OFFLINE is set",
        "Unset it and start Greenlight again, or choose a model that is here.", value=repository,
    )  # fmt: skip


def unreachable(value: str) -> HubUnreachableError:
    """Nobody answers, or only to say that it does not work."""
    return HubUnreachableError(
        "The hub does not answer as it should",
        "Check the connection (and HF_ENDPOINT and the proxy, if they are set), and try again.", value=value,
    )  # fmt: skip


def renamed(repository: str, now: str) -> RepositoryRenamedError:
    """The hub sends everybody who asks for one name to another."""
    return RepositoryRenamedError(
        "The repository has another name now", f"Use the new one: {now}", value=repository, limit=now
    )


def cut(name: str, done_bytes: int, in_all_bytes: int) -> DownloadCutError:
    """The connection broke, and did not come back."""
    return DownloadCutError(
        "The download broke off", _RESUME,
        value=f"{sized(done_bytes)} of {sized(in_all_bytes)}, in {name}",
    )  # fmt: skip


def stopped(done_bytes: int, in_all_bytes: int) -> DownloadStopped:
    """The person did not want it any more, or not now."""
    return DownloadStopped("The download was stopped", _RESUME, value=f"{sized(done_bytes)} of {sized(in_all_bytes)}")


def disk_full(needed_bytes: int, free_bytes: int, folder: object) -> DiskFullError:
    """Too little space, said before it starts."""
    return DiskFullError(
        f"The disk is too full: {sized(needed_bytes)} are needed in {folder}",
        "Free some space, or set HF_HUB_CACHE to a folder on a larger disk and start Greenlight again.",
        value=f"{sized(free_bytes)} free", limit=sized(needed_bytes),
    )  # fmt: skip


def busy(name: str) -> HubError:
    """Somebody else writes the same file."""
    return HubError("Another program is fetching this file", "Wait until it is done, then try again.", value=name)


def altered(name: str, repository: str, digest: str) -> WeightsAlteredError:
    """A file of the cache is not what the hub has under that name."""
    return WeightsAlteredError(
        f"The model file {name} is not the one that the hub has",
        f"Fetch {repository} again: only what is wrong is downloaded.",
        value="other content", limit=f"{'sha256' if len(digest) == 64 else 'git blob'} {digest}",
    )  # fmt: skip


def not_here(repository: str, name: str = "") -> WeightsMissingError:
    """A model, or a file of it, was not downloaded, or not to its end."""
    what = f"The model file {name} is not here" if name else "The model was not downloaded yet"
    return WeightsMissingError(what, f"Fetch it: python -m engine models fetch {repository}", value=repository)


def unreadable(name: str) -> HubError:
    """A text that describes the model is no such text."""
    return HubError(
        "A file of the repository does not say what it should",
        "Choose another revision, or tell its owner.",
        value=name,
    )

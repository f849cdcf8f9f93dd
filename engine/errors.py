"""Every error that a person can meet, on one page.

Each says what is wrong, the value, the limit, and the remedy; `str(error)` is one clear message with the
remedy last, fit to be shown as it is. Raised early, logged once at the boundary.
"""

from __future__ import annotations


class GreenlightError(Exception):
    """Root of the tree. `what` and `remedy` are sentences; `value` and `limit` are short and may be empty."""

    def __init__(self, what: str, remedy: str, *, value: str = "", limit: str = "", offer: str = "") -> None:
        self.what = what
        self.value = value
        self.limit = limit
        self.remedy = remedy
        self.offer = offer
        details = "; ".join(part for part in (value and f"got {value}", limit and f"limit {limit}") if part)
        self.message = f"{what} ({details})." if details else f"{what}."
        super().__init__(f"{self.message} {remedy}")


# ---------------------------------------------------------------------------- what the person gave


class InputError(GreenlightError):
    """Something that was given cannot be used."""


class PromptError(InputError):
    """The prompt is empty, or too long."""


class NothingToAskError(PromptError):
    """The words say nothing that could be asked about."""


class ImageError(InputError):
    """The picture is corrupt, of a format that is not allowed, or too large."""


class MaskError(ImageError):
    """The mask is empty, does not fit its picture, or is damaged."""


class VideoError(InputError):
    """The video is corrupt, of a format that is not allowed, or too long; or carries no recipe."""


class SettingError(InputError):
    """A setting has an unknown name, or a value outside its range."""


class ArchiveError(InputError):
    """A project archive is damaged, or names files outside itself."""


class ActionError(InputError):
    """Words that name no action of this world, or an action that cannot be."""


class UnknownActionError(ActionError):
    """The words name no action that the world has a word for."""


class ImpossibleActionError(ActionError):
    """The state does not allow the action, or the world never does."""


class BenchmarkError(InputError):
    """A benchmark's file is damaged, or does not say what it has to."""


class DecisionError(InputError):
    """A decision that does not fit where the project stands."""


class TooManyError(InputError):
    """A visitor has as many takes in the queue, or as many projects, as one may have here."""


class UnknownProjectError(InputError):
    """No project, take or file of that name."""


# ------------------------------------------------------------------------------------ models and agents


class ModelError(GreenlightError):
    """A model cannot do the job."""


class WeightsMissingError(ModelError):
    """A weights file is not there."""


class WeightsAlteredError(ModelError):
    """A weights file does not have the hash that it should."""


class HubError(ModelError):
    """The hub of models did not give what was asked of it."""


class HubUnreachableError(HubError):
    """Nothing answers at the hub's address, or it fails."""


class HubOfflineError(HubError):
    """A download was asked for, but HF_HUB_OFFLINE says to stay off the network."""


class TokenRefusedError(HubError):
    """The hub does not take the token in HF_TOKEN."""


class RepositoryGatedError(HubError):
    """The repository's owner wants its terms accepted first."""


class RepositoryGoneError(HubError):
    """No such repository, or one that is private."""


class RepositoryRenamedError(HubError):
    """The repository has another name now."""


class CommitMissingError(HubError):
    """The repository has no such commit, branch or tag."""


class OnlyPicklesError(HubError):
    """The repository, or a part of it, has its weights as pickles alone, which can run code."""


class DownloadCutError(HubError):
    """The connection broke in the middle. What came is kept."""


class DownloadStopped(HubError):
    """The person stopped the download. Not a failure; what came is kept."""


class WeightsRefusedError(ModelError):
    """The folder holds something that is not loaded here: pickles, code, another kind of model."""


class WishError(ModelError):
    """The model would ignore a part of what it is asked for, or cannot take it."""


class OutOfMemoryError(ModelError):
    """The device has too little memory for the job."""


class LanguageModelError(ModelError):
    """The language model did not give a usable answer."""


class LanguageModelUnreachableError(LanguageModelError):
    """Nothing answers at the address, or not in time."""


class LanguageModelRefusedError(LanguageModelError):
    """The server refused: key, quota, unknown model."""


class LanguageModelAnswerError(LanguageModelError):
    """The server answered something that is not the structure asked for, also after one repair round."""


class TakeCancelled(GreenlightError):
    """The person stopped the take. Not a failure."""


class WorkerLostError(ModelError):
    """The worker process died twice on the same take, which was set aside."""


# ------------------------------------------------------------------------------------------- the machine


class MachineError(GreenlightError):
    """The machine did not let us."""


class StorageError(MachineError):
    """A file could not be written or read: full disk, permissions."""


class DiskFullError(StorageError):
    """There is not enough free space for what is to be written."""


class JournalDamagedError(StorageError):
    """A project's journal or file does not say what it should."""


class NoDeviceError(MachineError):
    """A model needs a GPU, and there is none that can be used."""


class DriverTooOldError(NoDeviceError):
    """The GPU's driver is older than the installed torch needs."""


class DeviceLostError(MachineError):
    """The GPU stopped answering."""


class DeviceRefusedError(MachineError):
    """The host did not grant its GPU, or took it back before the work was done."""


class PortTakenError(MachineError):
    """Another program listens on the port."""

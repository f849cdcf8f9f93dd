"""One job over several devices: this process runs the pipeline, and others compute their part of its denoisers.

Everything else (the words, the steps, cancelling, pictures of the latents, decoding) happens here alone, once. The
others are told of every forward of a denoiser, and follow. One model of a process is spread at a time.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch

from engine.errors import DeviceLostError, WishError
from engine.models.memory.weights import DENOISERS

_ROOT: Final = Path(__file__).resolve().parents[3]
OUT_OF_MEMORY_EXIT: Final = 12
"""Exit code of a follower whose device was too small."""
_SECONDS: Final = 10.0
_PULSE_SECONDS: Final = 0.1
_SPREAD: Final = weakref.WeakSet["Spread"]()
"""The model of this process that is spread now, if any."""


@dataclass(frozen=True, slots=True)
class Part:
    """What a follower needs to load a denoiser."""

    folder: str
    kind: str
    """Its class."""
    dtype: torch.dtype


def device_count(device: torch.device) -> int:
    """How many devices of this kind the process sees; one where they are not counted."""
    return torch.cuda.device_count() if device.type == "cuda" else 1


class Spread:
    """That of one loaded model: whole until `over` says otherwise."""

    def __init__(self, title: str, pipeline: Any, device: torch.device, *, whole: bool) -> None:
        """whole: whether all of it is on the device, as it must be to be spread."""
        self._title, self._pipeline, self._device, self._whole = title, pipeline, device, whole
        self._plain: dict[str, Callable[..., Any]] = {}
        self._troupe: Troupe | None = None
        self._end: Callable[[], object] | None = None

    def chosen(self, asked: int | None, worn: bool) -> int:
        """Over how many devices a run goes: as many as were asked for; where nothing was said all, if the model can.

        worn: whether it wears LoRAs, which the others do not have.

        Raises WishError for more than there are, or where the model cannot.
        """
        there = device_count(self._device)
        if there < 2 and asked in (None, 1):
            return 1
        reason = self._why_not(asked or there, worn)
        if asked is None:
            return 1 if reason else there
        if asked > 1 and (reason or asked > there):
            raise WishError(
                f"{self._title} cannot be spread over {asked} GPUs: {reason or f'there are {there}'}",
                "Set the stage's gpus to 1, or choose a model that can be (Wan, LTX, FLUX.2, Qwen-Image).",
                value=str(asked),
                limit=str(1 if reason else there),
            )
        return asked

    def over(self, count: int) -> None:
        """From now on compute with so many devices. Raises DeviceLostError when the others do not come."""
        if self._troupe is not None and self._troupe.count == count:
            return
        self.close()
        if count == 1:
            return
        for other in [*_SPREAD]:
            other.close()
        self._troupe = Troupe(count, self._device)
        self._end = weakref.finalize(self, self._troupe.end)  # with its model, or before; once
        _SPREAD.add(self)
        for name, denoiser in self._denoisers():
            part = Part(str(denoiser.config._name_or_path), type(denoiser).__name__, denoiser.dtype)
            self._troupe.hold(name, part, denoiser)
            self._plain[name] = denoiser.forward
            denoiser.forward = _led(self._troupe, name, denoiser)

    @property
    def count(self) -> int:
        """Over how many devices it is spread."""
        return 1 if self._troupe is None else self._troupe.count

    def close(self) -> None:
        """Be whole again, and let the others go."""
        if self._troupe is None:
            return
        from engine.models.spreading import together

        for name, denoiser in self._denoisers():
            denoiser.forward = self._plain.pop(name)
            together.unite(denoiser)
        self._troupe = None
        if self._end is not None:
            self._end()
        _SPREAD.discard(self)

    def _why_not(self, count: int, worn: bool) -> str:
        from engine.models.spreading import together

        denoisers = [denoiser for _, denoiser in self._denoisers()]
        if not denoisers:
            return "it has no denoiser that could be"
        if worn:
            return "it wears LoRAs"
        if not self._whole:
            return "it does not fit on one whole"
        return next((why for one in denoisers if (why := together.why_not(one, count))), "")

    def _denoisers(self) -> Iterator[tuple[str, Any]]:
        for name in DENOISERS:
            denoiser = getattr(self._pipeline, name, None)
            if isinstance(denoiser, torch.nn.Module):
                yield name, denoiser


def _led(troupe: Troupe, name: str, denoiser: Any) -> Callable[..., Any]:
    """A denoiser's forward, with the others."""
    own = denoiser.forward

    def forward(*args: Any, **named: Any) -> Any:
        return troupe.forward(name, denoiser, own, args, named)

    return forward


class Troupe:
    """The other processes, and this one's part in what they do together. One at a time in a process."""

    def __init__(self, count: int, device: torch.device) -> None:
        """Start the others, and wait for them. Raises DeviceLostError when one does not come."""
        from engine.models.spreading import together

        self.count = count
        self._device = device
        self._folder = tempfile.TemporaryDirectory(prefix="greenlight-")
        address = str(Path(self._folder.name) / "meeting")
        module = "engine.models.spreading.follower"
        commands = ([sys.executable, "-m", module, str(n), str(count), address, device.type] for n in range(1, count))
        self._others = [subprocess.Popen(one, cwd=_ROOT, stdin=subprocess.PIPE) for one in commands]
        self._pipes = [other.stdin for other in self._others if other.stdin is not None]
        with self._heard():
            together.meet(0, count, address, device)

    def hold(self, name: str, part: Part, denoiser: Any) -> None:
        """Let the others load a denoiser, and all of them take their part of it."""
        from engine.models.spreading import together

        with self._heard():
            together.say(("hold", name, part), self._pipes, self._device)
            together.split(denoiser, self.count)

    def forward(self, name: str, denoiser: Any, own: Callable[..., Any], args: Any, named: Any) -> Any:
        """One forward, by all of them."""
        from engine.models.spreading import together

        with self._heard():
            together.say(("forward", name, (args, named)), self._pipes, self._device)
            return together.compute(denoiser, own, *args, **named)

    def end(self) -> None:
        """Let the others go, whatever they do."""
        import torch.distributed as dist

        for pipe in self._pipes:
            with suppress(OSError):
                pipe.close()
        for other in self._others:
            try:
                other.wait(_SECONDS)
            except subprocess.TimeoutExpired:
                other.kill()
                other.wait()
        if dist.is_initialized():
            dist.destroy_process_group()
        self._folder.cleanup()

    def _heard(self) -> _Heard:
        return _Heard(self._others)


class _Heard:
    """A block that needs the others: where it fails because one of them is gone, that is said."""

    def __init__(self, others: list[subprocess.Popen[bytes]]) -> None:
        self._others = others

    def __enter__(self) -> None:
        self._look(None)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError | RuntimeError) and not isinstance(error, torch.OutOfMemoryError):
            self._look(error, _SECONDS)

    def _look(self, error: Exception | None, seconds: float = 0.0) -> None:
        """Say it if one of them is gone, or will be soon: its end is seen here a little later than what it broke."""
        deadline = time.monotonic() + seconds
        while all(other.poll() is None for other in self._others) and time.monotonic() < deadline:
            with suppress(subprocess.TimeoutExpired):
                self._others[0].wait(_PULSE_SECONDS)
        codes = [other.poll() for other in self._others]
        if OUT_OF_MEMORY_EXIT in codes:
            raise torch.OutOfMemoryError("CUDA out of memory on another of the job's GPUs") from error
        gone = [code for code in codes if code is not None]
        if gone:
            raise DeviceLostError(
                "One of the GPUs that make this take together stopped answering",
                "Make another take; if that fails too, set the stage's gpus to 1.",
                value=f"its process ended with code {gone[0]}",
            ) from error

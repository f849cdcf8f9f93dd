"""What a ZeroGPU Space's own package does, as far as Greenlight goes: a granted call runs in a forked process.

`SPACES_FAKE_LOG` names a file: a line for every call, with the seconds that it asked for. `SPACES_FAKE_REFUSAL` says
why none is granted.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable

LOG = "SPACES_FAKE_LOG"
REFUSAL = "SPACES_FAKE_REFUSAL"
Task = Callable[[str, str], None]


def GPU(*, duration: Callable[[str, str], int]) -> Callable[[Task], Task]:  # noqa: N802  # its name there
    """See `spaces.GPU`."""

    def decorate(task: Task) -> Task:
        def granted(project: str, take: str) -> None:
            if os.environ.get(REFUSAL):
                raise RuntimeError(os.environ[REFUSAL])
            if os.environ.get(LOG):
                with open(os.environ[LOG], "a") as log:  # noqa: PTH123
                    log.write(f"{duration(project, take)}\n")
            child = multiprocessing.get_context("fork").Process(target=task, args=(project, take))
            child.start()
            child.join()
            if child.exitcode:
                raise RuntimeError("GPU task aborted")

        return granted

    return decorate


def gradio_auto_wrap(task: Callable[..., object]) -> Callable[..., object]:
    """Gradio asks it of every listener on such a Space; it does nothing there either, unless told otherwise."""
    return task

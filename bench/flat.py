"""Does measuring many videos take more memory than measuring few? `python -m bench.flat --videos 1000`.

One small clip under so many names, every fiftieth torn, measured with the classical extractors: what grows would grow
with any others. Prints resident memory after every tenth of them.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from engine.evaluate.extractors.classical import Colourfulness, FarnebackFlow, FlowInterpolator, Sharpness
from engine.evaluate.ledger import Ledger
from engine.evaluate.metrics.table import Kit
from engine.evaluate.viewing import Viewing, look
from engine.media.videos import encode_video

METRICS = ("motion smoothness", "dynamic degree", "aesthetic quality", "imaging quality", "frame count")
_TORN_EVERY = 50


def main() -> None:
    """Measure, and say what it took."""
    arguments = argparse.ArgumentParser(prog="python -m bench.flat", description=__doc__)
    arguments.add_argument("--videos", type=int, default=1000, metavar="N")
    count = arguments.parse_args().videos
    kit = Kit(flow=FarnebackFlow(), interpolator=FlowInterpolator(), aesthetic=Colourfulness(), imaging=Sharpness())
    with tempfile.TemporaryDirectory() as name:
        wanted = _videos(Path(name), count)
        began, failed = time.monotonic(), 0
        for number, record in enumerate(look(Ledger(Path(name) / "out", {}), wanted, kit, shown=8), 1):
            failed += bool(record.failure)
            if number % max(1, count // 10) == 0:
                seconds = (time.monotonic() - began) / number
                sys.stdout.write(f"{number} videos: {_resident_mib():.1f} MiB, {seconds:.2f} s each, {failed} torn\n")
                sys.stdout.flush()


def _videos(folder: Path, count: int) -> list[Viewing]:
    rng = np.random.default_rng(0)
    frames = rng.integers(0, 255, (17, 6, 6, 3), np.uint8).repeat(16, 1).repeat(16, 2)
    whole = encode_video(frames, 8)
    for name, data in (("whole", whole), ("torn", whole[: len(whole) // 3])):
        (folder / f"{name}.mp4").write_bytes(data)
    return [
        Viewing(f"clip {number}", folder / f"{'torn' if number % _TORN_EVERY == 7 else 'whole'}.mp4", number, METRICS)
        for number in range(count)
    ]


def _resident_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 2**20


if __name__ == "__main__":
    main()

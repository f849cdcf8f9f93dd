"""The sound of a film: what is heard of which clip, when, and silence between. Strings for ffmpeg, nothing is run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from engine.media.clips import Sound

_RATES: Final = (44100, 48000)


@dataclass(frozen=True, slots=True)
class Heard:
    """One clip's sound in a film. Times in seconds."""

    source: tuple[str, ...]
    """ffmpeg's input options for the clip."""
    sound: Sound
    """What it has."""
    begins: float
    """When, in the clip, its first shown frame comes."""
    at: float
    """When, in the film, that frame comes."""
    lasts: float
    """How long its frames are shown."""
    lead_in: float = 0.0
    """How much earlier it is heard already, growing louder."""
    run_out: float = 0.0
    """How much longer it is still heard, dying away."""
    whole: bool = False
    """Whether all of the clip is shown."""

    @property
    def copied(self) -> bool:
        """Whether it can go into a film alone without being encoded again."""
        untouched = self.whole and not (self.at or self.begins or self.lead_in or self.run_out)
        return untouched and self.sound.codec == "aac"


@dataclass(frozen=True, slots=True)
class Soundtrack:
    """What ffmpeg is told: further inputs after the first, and what is made of them."""

    sources: tuple[str, ...]
    encoding: tuple[str, ...]


def soundtrack(heard: Sequence[Heard], seconds: float) -> Soundtrack:
    """The sound track of a film that lasts so long: AAC, mono if all of it is mono, else stereo; none if none is heard.

    One that is heard whole from the beginning, and is AAC already, is left as it is. Inputs count from 1: the film's
    pictures are input 0.
    """
    if not heard:
        return Soundtrack((), ("-an",))
    sources = tuple(option for one in heard for option in one.source)
    if len(heard) == 1 and heard[0].copied:
        return Soundtrack(sources, ("-map", "1:a:0", "-c:a", "copy"))
    rate = heard[0].sound.rate if heard[0].sound.rate in _RATES else _RATES[1]
    mono = all(one.sound.channels == "mono" for one in heard)
    shape = f"aformat=sample_fmts=fltp:sample_rates={rate}:channel_layouts={'mono' if mono else 'stereo'}"
    lines = [f"[{index}:a:0]{_line(one, rate)},{shape}[s{index}]" for index, one in enumerate(heard, 1)]
    mixed = "".join(f"[s{index}]" for index in range(1, len(heard) + 1))
    mix = f"{mixed}amix=inputs={len(heard)}:normalize=0:duration=longest,{shape},apad,atrim=end={seconds:.6f}[sound]"
    return Soundtrack(
        sources,
        ("-filter_complex", ";".join([*lines, mix]), "-map", "[sound]", "-c:a", "aac", "-b:a", "192k"),
    )


def _line(one: Heard, rate: int) -> str:
    """A clip's sound from its lead-in to its run-out, at its place in the film."""
    start = one.begins - one.lead_in
    whole = one.lead_in + one.lasts + one.run_out
    steps = [
        f"aresample={rate}:async=1:first_pts=0",
        f"atrim=start={start:.6f}:end={start + whole:.6f}",
        "asetpts=PTS-STARTPTS",
    ]
    if one.lead_in:
        steps.append(f"afade=t=in:d={one.lead_in:.6f}")
    if one.run_out:
        steps.append(f"afade=t=out:st={one.lead_in + one.lasts:.6f}:d={one.run_out:.6f}")
    delay = round((one.at - one.lead_in) * rate)
    return ",".join([*steps, *([f"adelay=delays={delay}S:all=1"] if delay else [])])

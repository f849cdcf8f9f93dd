"""AURORA-Bench (Krojer et al., 2024): edited pictures judged as Qiu et al. (2025) do, beside probes of the judge.

`test.json` is a list of {"task", "input", "prompt"}, with "output" where the right picture is known, and for DiscEdit
"pos", an instruction that changes little, and "neg", one that changes more (the prompt, where it stands for that).
Pictures lie in the same folder, as their paths say. What counts is the smaller of edit success and minimal edit, 0-10.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

import numpy as np
from PIL import Image

from engine.errors import BenchmarkError, LanguageModelError
from engine.evaluate.brought import brought
from engine.evaluate.cases import Frames
from engine.evaluate.ledger import Record
from engine.evaluate.videoverse.asking import Witness

SUBSETS: Final = ("magicbrush", "ag", "something", "whatsup", "kubric")
"""Those whose right pictures are known, 50 entries each."""
OTHERS: Final = ("clevr", "emu", "epic")
"""Those without: nothing is asked of them."""
MADE: Final = "made"
SYSTEMS: Final = (MADE, "copy", "target", "random action", "random observation", "inverted observation")
"""What is shown as the edit: what a model made; the state itself (the baseline, and the copied observation); the right
picture, and it again under another entry's instruction; another entry's right picture; state and right picture turned
round."""
_FILE: Final = "test.json"
_MEND: Final = "Mend the file, or get the official one again."
_EDGE: Final = 512
_QUESTION: Final = """\
The first picture was to be edited: "{prompt}"
The second picture is the result. Give two numbers from 0 to 10.
1. Edit success: 10 where the second picture shows exactly what was asked for, 0 where nothing of it was done.
2. Minimal edit: 10 where nothing else was changed, 0 where it is another picture altogether.
Answer with both numbers and nothing else, like this: [7, 4]"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One edit."""

    number: int
    """Its place in the file; also what its pictures are called: NUMBER.png."""
    task: str
    """One of SUBSETS."""
    prompt: str
    before: Path
    after: Path
    """The right picture."""
    little: str = ""
    """DiscEdit: what changes less than `more` does; empty where nothing is asked."""
    more: str = ""


def read(folder: Path) -> tuple[Entry, ...]:
    """The entries whose right pictures are known. Raises BenchmarkError naming what is wrong, and where."""
    path = folder / _FILE
    try:
        whole = json.loads(brought(path, f"Name the folder that holds {_FILE}.").decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise BenchmarkError("The file is no JSON", _MEND, value=str(error)[:120]) from error
    if not isinstance(whole, list):
        raise BenchmarkError("The file holds no list of edits", _MEND, value=type(whole).__name__)
    entries = tuple(entry for number, each in enumerate(whole) if (entry := _entry(folder, number, each)))
    if not entries:
        raise BenchmarkError("No edit in the file has a right picture", _MEND, value=f"{len(whole)} entries")
    return entries


def _entry(folder: Path, number: int, each: Any) -> Entry | None:
    if not isinstance(each, dict):
        raise BenchmarkError("An entry is no object", _MEND, value=f"entry {number}")
    task = _text(each, "task", number)
    if task not in (*SUBSETS, *OTHERS):
        limit = ", ".join((*SUBSETS, *OTHERS))
        raise BenchmarkError("The file has a subset that the benchmark has not", _MEND, value=task[:80], limit=limit)
    if task in OTHERS:
        return None
    before, after = (folder / _inside(_text(each, name, number), number) for name in ("input", "output"))
    prompt = _text(each, "prompt", number)
    little = _text(each, "pos", number) if "pos" in each else ""
    more = _text(each, "neg", number) if "neg" in each else prompt
    return Entry(number, task, prompt, before, after, little, more)


def _text(each: Mapping[str, Any], name: str, number: int) -> str:
    text = each.get(name)
    if not isinstance(text, str) or not text.strip():
        raise BenchmarkError("An entry has not all of its fields", _MEND, value=f"entry {number}: {name}")
    return text


def _inside(text: str, number: int) -> PurePosixPath:
    """A path that stays in the folder."""
    path = PurePosixPath(text)
    if path.is_absolute() or ".." in path.parts or "\\" in text or "\0" in text:
        raise BenchmarkError("A picture lies outside of the folder", _MEND, value=f"entry {number}: {text[:80]}")
    return path


@dataclass(frozen=True, slots=True)
class Bench:
    """What is asked about: the entries, and where a model's pictures lie."""

    entries: tuple[Entry, ...]
    made: Path | None
    """NUMBER.png, and for DiscEdit NUMBER-pos.png and NUMBER-neg.png; None: only baseline and probes."""

    def wanted(self) -> Iterator[tuple[str, int, int]]:
        """System, place and seed of everything that is asked."""
        systems = SYSTEMS if self.made else SYSTEMS[1:]
        yield from ((system, place, 0) for place in range(len(self.entries)) for system in systems)

    def held(self, witness: Witness, key: tuple[str, int, int]) -> Record:
        """Ask about one. A picture that cannot be read, or a judge that fails, becomes a record that says why."""
        system, place, seed = key
        entry = self.entries[place]
        name = f"{entry.task} {entry.number}"
        try:
            first, second, prompt = self._shown(system, place)
            said = witness.answer(pair(first, second), 1.0, _QUESTION.format(prompt=prompt))
            row = _scores(said, entry.task) | (self._told_apart(entry) if system == MADE else {})
        except OSError as error:
            reason = error.strerror or "it is no picture"
            missing = f"{Path(error.filename).name}: {reason}" if error.filename else reason
            return Record(system, place, seed, failure=f"{missing} ({entry.prompt})", name=name)
        except LanguageModelError as error:
            return Record(system, place, seed, failure=str(error), name=name)
        return Record(system, place, seed, row, name=name, notes={"asked": prompt, "answer": said})

    def _shown(self, system: str, place: int) -> tuple[Path, Path, str]:
        """Two pictures and the instruction under which they are shown."""
        entry = self.entries[place]
        if system == MADE and self.made:
            return entry.before, self.made / f"{entry.number}.png", entry.prompt
        if system == "copy":
            return entry.before, entry.before, entry.prompt
        if system == "inverted observation":
            return entry.after, entry.before, entry.prompt
        other = self._other(entry)
        if system == "random action":
            return entry.before, entry.after, other.prompt
        return entry.before, other.after if system == "random observation" else entry.after, entry.prompt

    def _other(self, entry: Entry) -> Entry:
        """Another entry of the subset with other words, the same every time; itself where there is none."""
        others = [one for one in self.entries if one.task == entry.task and one.prompt != entry.prompt]
        return random.Random(f"aurora/{entry.number}").choice(others) if others else entry

    def _told_apart(self, entry: Entry) -> dict[str, float]:
        """DiscEdit: whether what should change little changed less than what should change more."""
        if not entry.little or self.made is None:
            return {}
        little = self.made / f"{entry.number}-pos.png"
        more = self.made / (f"{entry.number}.png" if entry.more == entry.prompt else f"{entry.number}-neg.png")
        if not (little.exists() and more.exists()):
            return {}
        return {"DiscEdit, pixels": float(_changed(entry.before, little) < _changed(entry.before, more))}


def pair(first: Path, second: Path) -> Frames:
    """Two pictures as two frames, of the first one's shape and at most 512 pixels long. Raises OSError."""
    pictures = [_opened(path) for path in (first, second)]
    scale = min(1.0, _EDGE / max(pictures[0].size))
    size = (max(1, round(pictures[0].width * scale)), max(1, round(pictures[0].height * scale)))
    return np.stack([np.asarray(one.resize(size, Image.Resampling.BICUBIC)) for one in pictures])


def _opened(path: Path) -> Image.Image:
    try:
        with Image.open(path) as picture:
            loaded: Image.Image = picture.convert("RGB")
            return loaded
    except (ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise OSError(0, str(error), str(path)) from error


def _changed(first: Path, second: Path) -> float:
    """How far apart two pictures are; the paper measures it in its editor's own latents."""
    one, other = pair(first, second).astype(np.float64)
    return float(np.sqrt(((one - other) ** 2).mean()))


def _scores(said: str, task: str) -> dict[str, float]:
    """Both scores and the smaller one, also under the subset's name; nothing to be had for what cannot be read."""
    numbers = [float(number) for number in re.findall(r"(?<![\d.])\d+(?:\.\d+)?", said)]
    readable = len(numbers) == 2 and max(numbers) <= 10
    success, minimal = numbers if readable else (0.0, 0.0)
    score = min(success, minimal)
    return {
        "score": score, f"score, {task}": score, "edit success": success, "minimal edit": minimal,
        "readable": float(readable),
    }  # fmt: skip


def counts(entries: Sequence[Entry]) -> dict[str, int]:
    """Entries of each subset."""
    return {task: sum(entry.task == task for entry in entries) for task in SUBSETS}

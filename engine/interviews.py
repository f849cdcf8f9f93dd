"""VideoVerse beside the page: who can be asked about videos here, and what stands behind each figure of a measurement.

What was asked and answered is read from the result files that a run writes, or from the one that the person brought; of
other measurements there are only the videos with their figures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from engine.configuration import LanguageModel
from engine.errors import BenchmarkError, SettingError
from engine.evaluate.videoverse import benchmark
from engine.evaluate.videoverse.benchmark import LETTERS, Item
from engine.evaluate.videoverse.dimensions import CATEGORIES, EVENTS
from engine.evaluate.videoverse.scoring import lcs
from engine.evaluate.viewing import SECOND, SUFFIXES
from engine.measured import Answered, Course, Looked, Questioner
from engine.measurements import report_of, rows
from engine.models.profiles import CRITIC

RESULTS: Final = "results.json"
"""A result file that the person brought."""
FOLDERS: Final = ("videos", "against")
"""Of a measurement, where videos lie."""
_JUDGE: Final = "assets/judge"
_NO_CRITIC: Final = (
    "No critic is here, who could answer every question: `python -m engine train critic --help` says how to train one."
)
_NOBODY: Final = (
    "Nobody is here who could look at videos: neither a critic, nor the pocket judge, nor a language model."
)


class Questioners:
    """Who can be asked on this machine. Looked up anew each time: a critic may come, a language model may go."""

    def __init__(self, root: Path, language_model: Callable[[], LanguageModel | None]) -> None:
        """root: whose assets hold the critic and the judge."""
        self._root = root
        self._language_model = language_model

    @property
    def all(self) -> tuple[Questioner, ...]:
        """Who there is, the most able first."""
        return tuple(self._listed())

    @property
    def missing(self) -> str:
        """What is missing, in a sentence; empty where there is a critic."""
        if (self._root / CRITIC.repository).is_dir():
            return ""
        return _NO_CRITIC if self.all else _NOBODY

    def words(self, name: str) -> Sequence[str]:
        """How the command line names one. Raises SettingError for one that is not here."""
        if name not in [one.name for one in self.all]:
            raise SettingError("Nobody of that name can be asked here", "Choose another one.", value=name[:40])
        model = self._language_model()
        if name == "critic":
            return ["--critic", str(self._root / CRITIC.repository)]
        if name == "judge" or model is None:
            return ["--pocket-judge"]
        return ["--server", model.base_url, "--model", model.model]

    def _listed(self) -> Iterator[Questioner]:
        if (self._root / CRITIC.repository).is_dir():
            yield Questioner("critic", "The pocket critic: every question")
        if (self._root / _JUDGE).is_dir():
            yield Questioner("judge", "The pocket judge: things, colours, motions, place, camera")
        model = self._language_model()
        if model is not None:
            yield Questioner("language model", f"{model.model}: if it can see pictures")


def words(course: Course, folder: Path) -> list[str]:
    """What follows `evaluate` for a run whose files lie in a folder, without who is asked."""
    sizes = ["--limit", str(course.prompts), "--seeds", str(course.seeds), "--profile", course.profile]
    return ["videoverse", "--whole", str(folder / FOLDERS[0]), *sizes]


def videos_of(path: Path) -> int:
    """How many videos a result file is about. Raises BenchmarkError for what is none."""
    items, _ = benchmark.read(path)
    if not any(item.order_said or check.answer for item in items for check in item.checks):
        raise BenchmarkError("Nothing is answered in the file", "Bring a result file of VideoVerse.", value=path.name)
    return len(items)


def looked(folder: Path, system: str, figure: str) -> tuple[Looked, ...]:
    """The videos behind a figure, the lowest first."""
    files = [folder / RESULTS] if (folder / RESULTS).is_file() else _results(folder, system)
    found = (
        [one for file in files for one in _asked(folder, file, figure)] if files else _measured(folder, system, figure)
    )
    return tuple(sorted(found, key=lambda one: (one.value, one.name)))


def video(folder: Path, name: str) -> Path | None:
    """A video of a measurement by its address; None for anything else."""
    there = (path for one in FOLDERS for path in (folder / one).rglob("*") if path.suffix.lower() in SUFFIXES)
    return next((path for path in there if path.relative_to(folder).as_posix() == name and path.is_file()), None)


def _results(folder: Path, system: str) -> list[Path]:
    """The result files of one way to ask, a seed each, the first seed first."""
    name = system.replace(", ", "-").replace(" ", "-")
    found = sorted((folder / "figures").glob(f"results-{name}-seed-*.json"))
    return [one for one in (folder / "figures" / f"results-{name}.json", *found) if one.is_file()]


def _asked(folder: Path, file: Path, figure: str) -> Iterator[Looked]:
    """What a result file says of a dimension, or of a category."""
    seed = file.stem.partition("-seed-")[2]
    for item in _read(file, file.stat().st_mtime_ns):
        answers = [*_answers(item, CATEGORIES.get(figure, (figure,)))]
        if answers:
            name = f"{FOLDERS[0]}/seed-{seed}/{item.key}.mp4" if seed else f"{FOLDERS[0]}/{item.key}.mp4"
            value = sum(weight * share for _, share, weight in answers) / sum(weight for _, _, weight in answers)
            told = f"{item.key}, seed {seed}" if seed else item.key
            file_name = name if (folder / name).is_file() else ""
            yield Looked(told, item.prompt, value, file_name, tuple(one for one, _, _ in answers))


def _answers(item: Item, dimensions: Sequence[str]) -> Iterator[tuple[Answered, float, int]]:
    """Each answer, its share of what could be had, and how many answers it counts for."""
    if item.events and EVENTS in dimensions:
        wanted = LETTERS[: len(item.events)]
        listed = " ".join(f"{number}. {event}" for number, event in enumerate(item.events, 1))
        seen = ", ".join(str(LETTERS.index(one) + 1) for one in item.order if one in LETTERS)
        said = f"seen: {seen}" if seen else "none seen"
        yield Answered(f"In this order: {listed}", said), lcs(wanted, item.order) / len(wanted), len(wanted)
    for check in item.checks:
        if check.asked and check.dimension in dimensions:
            answer = check.answer.lower()
            yield Answered(check.question, answer or "not answered", check.sure), float(answer == "yes"), 1


@lru_cache(maxsize=4)
def _read(file: Path, written: int) -> tuple[Item, ...]:
    """A result file's items; read again only when it was written again."""
    return benchmark.read(file)[0]


def _measured(folder: Path, system: str, figure: str) -> Iterator[Looked]:
    """What a report says of a figure."""
    beside = FOLDERS[system == SECOND]
    files = {path.stem: f"{beside}/{path.name}" for path in (folder / beside).glob("*")}
    for row in rows(report_of(folder)):
        values: dict[str, Any] = row["row"]
        if row["measure"] == system and figure in values:
            yield Looked(row["name"], "", values[figure], files.get(row["name"], ""))

"""`evaluate videoverse`: a result file scored; videos made, or asked about by a judge; the pocket edition written."""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, TextIO

from engine.configuration import DEFAULT_KEY_VARIABLE
from engine.errors import BenchmarkError, SettingError, StorageError
from engine.evaluate.brought import MOST_BYTES
from engine.evaluate.cases import Figure
from engine.evaluate.findings import Findings, as_csv, as_json
from engine.evaluate.ledger import Ledger, Record, place
from engine.evaluate.page import as_html
from engine.evaluate.videoverse import benchmark, scoring, session
from engine.evaluate.videoverse.asking import Limited, Witness, figures
from engine.evaluate.videoverse.dimensions import PROTOCOLS
from engine.evaluate.videoverse.edition import SHIPPED, build, encoded
from engine.models.chat import ChatServer
from engine.models.hub.fetching import Hub
from engine.models.hub.wire import Wire

_ROOT: Final = Path(__file__).parents[2]
_EVERY: Final = 15.0
"""Seconds between two reports."""


def videoverse(chosen: argparse.Namespace, progress: TextIO) -> Iterator[str]:
    """Do what the command line asks for; yields the lines to print.

    Raises BenchmarkError, SettingError, StorageError.
    """
    for name in ("limit", "seeds"):
        if (value := getattr(chosen, name)) is not None and value < 1:
            raise SettingError(f"--{name} has to be 1 or more", "Name another number.", value=str(value))
    if chosen.results:
        scores = score(chosen.results)
        if chosen.output:
            report(chosen.results, chosen.output)
        yield from [json.dumps(scores, ensure_ascii=False, indent=1)] if chosen.json else lines(scores)
    elif chosen.write_edition:
        yield write_edition(chosen.write_edition)
    elif chosen.fetch_prompts:
        yield fetch_prompts(chosen, Hub.from_environment().wire)
    elif chosen.generate:
        from engine.command.generating import generate

        yield generate(chosen, progress)
    else:
        yield interview(chosen, progress)


def score(path: Path) -> dict[str, object]:
    """The scores of a result file: `official`, as its script reports them, and `shares`. Raises BenchmarkError."""
    items, _ = benchmark.read(path)
    shares = {name: asdict(figure) for name, figure in scoring.shares(items).items()}
    return {"official": scoring.official(items), "shares": shares}


def report(path: Path, output: Path) -> None:
    """A result file's report in a folder. Raises BenchmarkError, SettingError, StorageError."""
    items, _ = benchmark.read(path)
    identity = {"what": "videoverse results", "results": hashlib.sha256(path.read_bytes()).hexdigest()[:16]}
    ledger = Ledger(output, identity)
    records = [Record("results", number, 0, figures(item), name=item.key) for number, item in enumerate(items)]
    command = "python -m engine evaluate videoverse --results"
    facts = {**identity, "total score": _total(items)}
    findings = Findings("VideoVerse", command, facts, {"results": scoring.shares(items)}, {}, records)
    _write(ledger, findings, [])


def lines(scores: dict[str, object]) -> Iterator[str]:
    """The same for a reader."""
    official, shares = scores["official"], scores["shares"]
    if not isinstance(official, dict) or not isinstance(shares, dict):
        return
    whole = official["overall_summary"]
    yield f"Total score: {whole['total_score']} ({whole['total_videos_processed']} videos)"
    yield f"Events in order: {whole['total_event_adherence']}"
    yield f"Questions answered yes: {whole.get('verification_checks_score', 0)}"
    for name, values in shares.items():
        figure = Figure(**values)
        told = f"{100 * figure.mean:6.1f} % ({100 * figure.low:.1f} to {100 * figure.high:.1f})"
        yield f"{name:<24}{told}, {figure.cases} answers"


def write_edition(path: Path) -> str:
    """The pocket edition as a file, the same every time. Raises StorageError."""
    return _kept(path, encoded(build()))


def _kept(path: Path, data: bytes) -> str:
    try:
        path.write_bytes(data)
    except OSError as error:
        what = "The file cannot be written"
        raise StorageError(what, "Name another one.", value=f"{path}: {error.strerror}") from error
    return str(path)


def fetch_prompts(chosen: argparse.Namespace, wire: Wire) -> str:
    """The prompt file of a data set on the hub, checked, as a file; returns its path.

    Raises HubError and its kinds, BenchmarkError for a data set without one, StorageError.
    """
    commit, names = wire.data_set(chosen.fetch_prompts)
    fitting = [name for name in names if name.endswith(".json") and "prompt" in name.lower()]
    if len(fitting) != 1:
        what = "The data set has no prompt file, or more than one"
        raise BenchmarkError(what, "Get the file by hand.", value=", ".join(fitting) or chosen.fetch_prompts)
    data = wire.data_set_file(chosen.fetch_prompts, commit, fitting[0], MOST_BYTES)
    benchmark.parse(data)
    path = Path(Path(fitting[0]).name) if chosen.prompts is None else chosen.prompts
    return _kept(path, data)


def interview(chosen: argparse.Namespace, progress: TextIO) -> str:
    """Ask a judge about every video of a benchmark; returns the path of the report.

    Raises BenchmarkError, SettingError for a judge that is not named or a folder of another run, StorageError.
    """
    interviews = opened(chosen, witness(chosen), chosen.videos, tuple(chosen.protocol or PROTOCOLS))
    run(interviews.ledger, interviews.asked, interviews.witness, interviews.protocols, progress)
    return str(chosen.output / "report.html")


@dataclass(frozen=True, slots=True)
class Interviews:
    """What is to be asked, of whom, and where it is written down."""

    ledger: Ledger
    asked: session.Benchmark
    witness: Witness
    protocols: tuple[str, ...]


def opened(chosen: argparse.Namespace, witness: Witness, videos: Path, protocols: tuple[str, ...]) -> Interviews:
    """The interviews about the videos of a folder. Raises as `interview`."""
    prompts = chosen.prompts or SHIPPED
    items, raw = benchmark.read(prompts)
    items = items[: chosen.limit]
    if isinstance(witness, Limited):
        items = tuple(witness.within(item) for item in items)
    if chosen.output is None:
        raise SettingError("There is no folder for the report", "Name one with --output.")
    identity = {
        "what": "videoverse",
        "judge": witness.name,
        "prompts": f"{len(items)}, {hashlib.sha256(prompts.read_bytes()).hexdigest()[:16]}",
        "protocols": ", ".join(protocols),
        "videos from": place([videos], chosen.output),
        **({"seeds": str(chosen.seeds)} if chosen.seeds > 1 else {}),
    }
    asked = session.Benchmark(items, raw, videos, chosen.seeds)
    return Interviews(Ledger(chosen.output, identity), asked, witness, protocols)


def run(
    ledger: Ledger, asked: session.Benchmark, witness: Witness, protocols: tuple[str, ...], progress: TextIO
) -> None:
    """Ask what the folder does not hold yet, and keep its report and result files up to date."""
    keys = [*asked.wanted(protocols)]
    todo = sum(not ledger.has(key) for key in keys)
    progress.write(f"{todo} of {len(keys)} interviews to hold\n")
    began = told = time.monotonic()
    for number, record in enumerate(session.run(ledger, asked, witness, protocols), 1):
        if record.failure:
            progress.write(f"{record.name}: {record.failure}\n")
        if time.monotonic() - told > _EVERY:
            told = time.monotonic()
            publish(ledger, asked, witness)
            left = (told - began) / number * (todo - number)
            progress.write(f"{number} of {todo}, about {left / 60:.1f} minutes left\n")
            progress.flush()
    publish(ledger, asked, witness)


def publish(ledger: Ledger, asked: session.Benchmark, witness: Witness) -> None:
    """report.json, report.csv, report.html, and a result file a protocol. Raises StorageError."""
    records = ledger.records
    systems = {}
    facts = {"judge": witness.name}
    for protocol in PROTOCOLS:
        answered = session.answered(asked.items, records, protocol)
        if answered:
            systems[protocol] = scoring.shares(answered)
            facts[f"total score, {protocol}"] = _total(answered)
            for seed in range(asked.seeds):
                mine = session.answered(asked.items, records, protocol, seed)
                ledger.write(results_name(protocol, seed), session.result_file(asked, mine))
    command = "python -m engine evaluate videoverse"
    findings = Findings("VideoVerse", command, facts, systems, {}, records)
    panels = next((found for protocol in PROTOCOLS if (found := ledger.panels(protocol))), [])
    _write(ledger, findings, contact_sheet(panels))


def results_name(protocol: str, seed: int) -> str:
    """What the official result file of a protocol and a seed is called."""
    name = protocol.replace(", ", "-").replace(" ", "-")
    return f"results-{name}-seed-{seed}.json" if seed else f"results-{name}.json"


def _write(ledger: Ledger, findings: Findings, sheets: Sequence[bytes]) -> None:
    ledger.write("report.json", as_json(findings))
    ledger.write("report.csv", as_csv(findings))
    ledger.write("report.html", as_html(findings, sheets))


def contact_sheet(panels: Sequence[bytes]) -> list[bytes]:
    """One picture of them all; none where there are none."""
    from PIL import Image

    from engine.evaluate.sheets import png, sheet

    return [png(sheet([[Image.open(io.BytesIO(data)) for data in panels]]))] if panels else []


def _total(items: Sequence[benchmark.Item]) -> str:
    """S over all videos, as the official script sums it up, and the most that it could be."""
    most = sum(len(item.events) + sum(check.asked for check in item.checks) for item in items)
    return f"{scoring.official(items)['overall_summary']['total_score']} of {most}"


def witness(chosen: argparse.Namespace) -> Witness:
    """The judge that the command line names. Raises SettingError where it names none, WeightsMissingError."""
    if chosen.local:
        from engine.command.equipment import best_device
        from engine.evaluate.videoverse.local import Local

        return Local(chosen.local, _ROOT, best_device())
    if chosen.critic:
        from engine.command.equipment import best_device
        from engine.evaluate.videoverse.pocket_witness import PocketWitness

        return PocketWitness(chosen.critic, best_device())
    if chosen.pocket_judge:
        from engine.command.equipment import best_device
        from engine.evaluate.videoverse.judge_witness import JudgeWitness

        return JudgeWitness(_ROOT / "assets" / "judge", best_device())
    if not chosen.server or not chosen.model:
        remedy = "Name one with --server and --model, with --local, with --critic, or with --pocket-judge."
        raise SettingError("Nobody is named who could look at the videos", remedy)
    from engine.evaluate.videoverse.served import Served

    key = os.environ.get(DEFAULT_KEY_VARIABLE, "")
    return Served(ChatServer(chosen.server, chosen.model, key, timeout_seconds=chosen.timeout_seconds))

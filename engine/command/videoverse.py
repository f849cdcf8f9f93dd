"""`evaluate videoverse`: what a result file of VideoVerse scores."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import asdict

from engine.evaluate.cases import Figure
from engine.evaluate.videoverse import benchmark, scoring


def score(chosen: argparse.Namespace) -> dict[str, object]:
    """The scores of the file that the command line names: `official`, as its script reports them, and `shares`.

    Raises BenchmarkError.
    """
    items, _ = benchmark.read(chosen.results)
    shares = {name: asdict(figure) for name, figure in scoring.shares(items).items()}
    return {"official": scoring.official(items), "shares": shares}


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

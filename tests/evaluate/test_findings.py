"""A report's table for spreadsheets runs nothing: a video can be called whatever somebody likes."""

from __future__ import annotations

import csv
import io

import pytest

from engine.evaluate import findings
from engine.evaluate.ledger import Record


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@a", "'@a"), ("\n=1", "'\n=1"), (" =1", "' =1"),
        ("\ta", "'\ta"), ("a=1", "a=1"), ("clip", "clip"), ("", ""),
    ],
    ids=ascii,
)  # fmt: skip
def test_no_name_is_a_formula(name: str, written: str) -> None:
    told = findings.gather("", "", {}, [Record("first", 0, 0, {"length": 2.0}, name=name, failure=name)])
    rows = list(csv.reader(io.StringIO(findings.as_csv(told).decode(), newline="")))
    assert rows[1][0] == rows[1][2] == written

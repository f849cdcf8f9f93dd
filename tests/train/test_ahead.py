"""What is made ahead comes in order, no more of it than was said, and a failure where its result would have come."""

from __future__ import annotations

from itertools import count

import pytest

from engine.train.ahead import made_ahead


def test_in_order_and_only_so_far_ahead() -> None:
    asked: list[int] = []

    def make(number: int) -> int:
        asked.append(number)
        return 2 * number

    stream = made_ahead(make, count(), most=3)
    assert [next(stream) for _ in range(5)] == [0, 2, 4, 6, 8]
    stream.close()  # type: ignore[attr-defined]
    assert asked == list(range(len(asked)))
    assert len(asked) <= 8


def test_an_end_and_a_failure_come_in_their_turn() -> None:
    assert list(made_ahead(str, range(3), most=5)) == ["0", "1", "2"]
    stream = made_ahead(lambda number: 1 // number, (1, 0, 1))
    assert next(stream) == 1
    with pytest.raises(ZeroDivisionError):
        next(stream)

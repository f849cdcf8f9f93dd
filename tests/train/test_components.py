"""The architectures begin in a state from which the words can be learned."""

from __future__ import annotations

import torch

from engine.pocket import grammar
from engine.train import components

RED_BALL = "a small red ball on the left and a small blue car on the right in the snow"
BLUE_BALL = "a small blue ball on the left and a small red car on the right in the snow"


def test_before_any_training_a_thing_knows_its_own_colour() -> None:
    torch.manual_seed(0)
    tokenizer = components.tokenizer(grammar.words())
    encoder = components.text_encoder(len(tokenizer)).eval()
    tokens = tokenizer([RED_BALL, BLUE_BALL], return_tensors="pt")
    with torch.inference_mode():
        one, other = encoder(tokens.input_ids).last_hidden_state
    moved = (one - other).norm(dim=-1) / one.norm(dim=-1)
    words = RED_BALL.split()
    far = float(moved[words.index("snow")])
    assert float(moved[words.index("ball")]) > 2 * far
    assert float(moved[words.index("car")]) > 2 * far

"""What makes a model sooner: chosen by the reckoning or by name, fallen back from by name, told to the person."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import pytest
import torch

from engine import settings
from engine.agents.text_to_image import TextToImage
from engine.errors import SettingError, WishError
from engine.media.writing import Writing
from engine.models.lease import Lease
from engine.models.loader import load
from engine.models.memory.modes import DEVICE, MODES
from engine.models.script import Script
from engine.models.speed import attention, compiling, shortcuts, ways
from engine.models.speed.gear import Gear, Wanted
from engine.models.speed.reckoning import GAINS, Gain, Reckoning
from engine.models.speed.words import KeptWords
from engine.types import ModelProfile
from tests.agents.twin import WORDS, Listener
from tests.models.fake_device import FakeDevice
from tests.models.twins.acting import frames_of, plain, take
from tests.models.twins.shelf import Shelf, row

CPU = torch.device("cpu")
WAN = row("wan2.2-5b")
SHAPE = ("wan2.2-5b", 1280, 704, 121)
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


class Denoiser(torch.nn.Module):
    """A network whose compiler may fail."""

    def __init__(self, error: Exception | None = None) -> None:
        super().__init__()
        self.error = error

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if self._compiled_call_impl is not None and self.error is not None:
            raise self.error
        return x


class Pipeline:
    def __init__(self, transformer: Any) -> None:
        self.transformer = transformer


class CompilerError(RuntimeError):
    __module__ = "torch._inductor.exc"


def geared(monkeypatch: pytest.MonkeyPatch, denoiser: Any, why_not: str = "", profile: ModelProfile = WAN) -> Gear:
    """On a device where compiling can be done, at a clock whose steps take 10 s; nothing is compiled in earnest."""
    ticks = itertools.count(0.0, 10.0)
    monkeypatch.setattr(compiling, "why_not", lambda device: why_not)
    monkeypatch.setattr(Denoiser, "compile", lambda self, **told: setattr(self, "_compiled_call_impl", self.forward))
    return Gear(Pipeline(denoiser), profile, CPU, DEVICE, lambda: next(ticks))


def job(denoiser: Any) -> Any:
    """Five steps."""

    def run(on_step: Any) -> bool:
        for step in range(6):
            on_step(step)
        denoiser(torch.zeros(1))
        return denoiser._compiled_call_impl is not None

    return run


def heard(done: object) -> None:
    """Nothing is done about a step."""


def test_a_run_is_compiled_once_that_has_paid(monkeypatch: pytest.MonkeyPatch) -> None:
    denoiser = Denoiser()
    made = geared(monkeypatch, denoiser)
    assert made.account(SHAPE) == ""
    ran = [made.run(Wanted(None, SHAPE), heard, job(denoiser)) for _ in range(3)]
    assert [way.name for _, way in ran] == ["exact", "exact", "compiled"], "50 s at 13 %, twice: more than it costs"
    assert [compiled for compiled, _ in ran] == [False, False, True]
    assert made.account(SHAPE) == "Compiling takes about 10 s and saves 6 s each time: it has paid after 2."
    other = made.run(Wanted(None, ("wan2.2-5b", 832, 480, 49)), heard, job(denoiser))
    assert other == (False, ways.EXACT), "another shape is another account"


def test_what_a_row_does_without_is_not_done(monkeypatch: pytest.MonkeyPatch) -> None:
    denoiser = Denoiser()
    made = geared(monkeypatch, denoiser, profile=replace(WAN, without=("compiling",)))
    assert [made.run(Wanted(None, SHAPE), heard, job(denoiser))[1].name for _ in range(3)] == ["exact"] * 3


def test_a_compiler_that_fails_costs_no_take(monkeypatch: pytest.MonkeyPatch) -> None:
    denoiser = Denoiser(CompilerError("no such kernel"))
    made, told = geared(monkeypatch, denoiser), list[str]()
    wanted = Wanted(ways.COMPILED, SHAPE, tell=told.append)
    assert made.run(wanted, heard, job(denoiser)) == (False, ways.EXACT)
    assert made.run(wanted, heard, job(denoiser)) == (False, ways.EXACT)
    assert told == ["Not compiled: the compiler failed (CompilerError)."] * 2


def test_another_error_of_a_compiled_run_passes_through(monkeypatch: pytest.MonkeyPatch) -> None:
    denoiser = Denoiser(torch.OutOfMemoryError("CUDA out of memory"))
    with pytest.raises(torch.OutOfMemoryError):
        geared(monkeypatch, denoiser).run(Wanted(ways.COMPILED, SHAPE), heard, job(denoiser))


def test_nothing_is_compiled_where_it_cannot_be(monkeypatch: pytest.MonkeyPatch) -> None:
    assert compiling.why_not(CPU) == "a CPU gains nothing by it"
    gpu = torch.device("cuda")
    assert compiling.why_not(gpu, lambda name: None) == "Triton is not installed"
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setenv("PATH", "")
    assert compiling.why_not(gpu, lambda name: True) == "there is no C compiler, which Triton needs"
    denoiser, told = Denoiser(), list[str]()
    made = geared(monkeypatch, denoiser, "a CPU gains nothing by it")
    assert made.run(Wanted(ways.COMPILED, SHAPE, tell=told.append), heard, job(denoiser))[1] == ways.EXACT
    assert told == ["Not compiled: a CPU gains nothing by it."]
    assert made.account(SHAPE) == ""


def test_a_model_whose_parts_move_is_not_compiled_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    denoiser = Denoiser()
    geared(monkeypatch, denoiser)
    moved = Gear(Pipeline(denoiser), WAN, CPU, next(mode for mode in MODES if mode.offload == "group"))
    assert [moved.run(Wanted(None, SHAPE), heard, job(denoiser))[1].name for _ in range(3)] == ["exact"] * 3


def test_the_reckoning() -> None:
    gains = {"a": Gain(0.5, 20.0, "guessed"), "b": Gain(0.0, 20.0, "measured")}
    told = Reckoning(gains)
    assert (told.pays("a", SHAPE), told.said("a", SHAPE)) == (False, "")
    for _ in range(4):
        told.took("a", SHAPE, 10.0)
        told.took("b", ("b", 8, 8, 1), 10.0)
        told.took("c", ("c", 8, 8, 1), 1000.0)
    assert told.pays("a", SHAPE)
    assert not told.pays("b", ("b", 8, 8, 1))
    assert not told.pays("c", ("c", 8, 8, 1)), "nothing is known of its family"
    assert told.said("a", SHAPE) == "Compiling takes perhaps 20 s and saves 5 s each time: it has paid after 4."
    assert told.said("b", ("b", 8, 8, 1)) == "Compiling never pays here."
    assert all(0 <= gain.share < 1 and gain.compile_seconds > 0 for gain in GAINS.values())


def test_kernels_of_attention_are_torchs_own_but_for_one_case() -> None:
    def there(name: str) -> object:
        return name

    def missing(name: str) -> object:
        return None

    wan = "WanTransformer3DModel"
    assert attention.choose(wan, 128, (9, 0), there) == "_flash_3"
    assert attention.choose(wan, 128, (9, 0), missing) is None
    assert attention.choose(wan, 128, (8, 0), there) is None
    assert attention.choose(wan, 512, (9, 0), there) is None
    assert attention.choose("LTXVideoTransformer3DModel", 128, (9, 0), there) is None, "its attention has a mask"
    assert attention.choose(wan, 128, None, there) is None
    for told, match in (((True, False), "needs a GPU"), ((True, True), "not installed"), ((False, True), "chosen")):
        with pytest.raises(WishError, match=match):
            attention.check_eight_bits("Wan", *told, missing if match == "not installed" else there)
    attention.check_eight_bits("Wan", True, True, there)


def test_words_are_read_once_until_the_loras_change() -> None:
    read: list[str] = []

    class Reader:
        def encode_prompt(self, prompt: str, image: object = None, device: torch.device = CPU) -> Any:
            read.append(prompt)
            return torch.zeros(2), None

    reader = Reader()
    kept = KeptWords(reader)
    reader.encode_prompt("a")
    kept.on()
    first, _ = reader.encode_prompt("a", device=CPU)
    first += 1
    assert reader.encode_prompt("a", device=CPU)[0].sum() == 0, "nobody changes what is kept"
    reader.encode_prompt("a", object())
    assert read == ["a"] * 3, "with a picture it is read again"
    for word in "bcdea":
        reader.encode_prompt(word, device=CPU)
    assert read == [*"aaabcdea"], "four are kept"
    kept.off()
    kept.on()
    reader.encode_prompt("a", device=CPU)
    assert len(read) == 9


def test_a_stage_says_how_it_is_made_sooner(shelf_of_twins: Shelf, table_of_twins: None) -> None:
    agent = TextToImage(Lease(FakeDevice(24), load, shelf_of_twins.root))
    inputs = {"scene": WORDS["scene"], "avoid": ""}
    facts = []
    for sooner in ("automatic", "stock", "compiled"):
        draft = agent.run(inputs, 3, {"profile": "sdxl", "steps": 2, "sooner": sooner}, Listener())
        facts.append((draft.facts["sooner"], str(draft.facts.get("note", ""))))
    assert facts == [("exact", ""), ("stock", ""), ("exact", "Not compiled: a CPU gains nothing by it.")]
    for wrong in ("first-block cache", "eight-bit attention"):
        with pytest.raises(WishError):
            agent.run(inputs, 3, {"profile": "sdxl", "steps": 2, "sooner": wrong}, Listener())
    with pytest.raises(SettingError, match="automatic; stock; exact"):
        agent.run(inputs, 3, {"profile": "sdxl", "steps": 2, "sooner": "magic"}, Listener())
    with pytest.raises(SettingError):
        settings.check("sooner", "magic")


def test_approximate_ways_are_named_so() -> None:
    assert [way.exact for way in ways.WAYS] == [True, True, True, False, False, False]
    assert ways.WAYS[3].label == "first-block cache (approximate, not measured)"
    assert ways.Way("x", "", shortcut="taylor", psnr=31.4).label == "x (approximate, 31 dB)"
    assert (ways.named("automatic"), ways.named("compiled")) == (None, ways.COMPILED)


@pytest.mark.parametrize("name", ["first-block cache", "taylor cache"])
def test_caches_run_on_wan_and_are_gone_afterwards(
    shelf_of_twins: Shelf, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shortcuts, "THRESHOLD", 10.0)  # whatever the first block's change
    twin = shelf_of_twins.twin(WAN)
    with shelf_of_twins.lease.borrow(twin) as loaded:
        gear_of, transformer = loaded.gear, loaded.pipeline.transformer

    def run(on_step: Any) -> Any:
        return frames_of(shelf_of_twins, WAN, Script("a ball", "", {0: plain("red")}))

    attended: list[int] = []
    for block in transformer.blocks:
        block.ffn.register_forward_pre_hook(lambda *_: attended.append(1))
        block.attn1.to_q.register_forward_pre_hook(lambda *_: attended.append(1))
    whole, _ = gear_of.run(Wanted(ways.EXACT, SHAPE), heard, run)
    everything = len(attended)
    near, way = gear_of.run(Wanted(ways.named(name), SHAPE), heard, run)
    less = len(attended) - everything
    again, _ = gear_of.run(Wanted(ways.EXACT, SHAPE), heard, run)
    assert (way.exact, less < everything) == (False, True)
    assert near.shape == whole.shape
    assert (whole == again).all()


def test_a_clip_is_encoded_as_it_is_decoded(
    shelf_of_twins: Shelf, table_of_twins: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    finished, made = Writing.finished, list[bytes | None]()

    def noted(self: Writing, frames: Any) -> bytes | None:
        made.append(finished(self, frames))
        return made[-1]

    monkeypatch.setattr(Writing, "finished", noted)
    early, _ = take(shelf_of_twins, shelf_of_twins.twin(WAN))
    monkeypatch.setattr(Writing, "finished", lambda self, frames: None)
    late, _ = take(shelf_of_twins, shelf_of_twins.twin(WAN))
    assert made == [early.data] == [late.data]

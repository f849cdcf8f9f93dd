"""What may follow, and how likely it is that it does: the forward and the inverse model at work together.

The forward model foresees a state in latents of the shipped autoencoder, sound and words; noise on the given latents
lets it foresee several. Where it has a painter, that draws the picture, and other noise another one. The inverse model
looks at each and says how likely the asked action led there.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import torch
from diffusers import AutoencoderKL, WanTransformer3DModel
from numpy.typing import NDArray
from tokenizers import Tokenizer
from transformers import PreTrainedTokenizerFast

from engine.pocket.worlds import painter as painting
from engine.pocket.worlds.actions import Action
from engine.pocket.worlds.forward import MODALITIES, ForwardModel, Senses
from engine.pocket.worlds.inverse import ActionReader, Told
from engine.pocket.worlds.reflector import Triple
from engine.pocket.worlds.tokens import ids_of, text_of

Picture = NDArray[np.uint8]
"""(height, width, 3), of the size that the autoencoder was trained on."""
_NOISE: Final = 0.2
"""The most noise on what is given, as in training."""


@dataclass(frozen=True, eq=False)
class Scene:
    """A state as it is perceived."""

    picture: Picture
    words: str = ""
    """What is there; empty where that is not known."""
    sound: NDArray[np.float32] | None = None
    """A spectrogram; None where that is not known."""


@dataclass(frozen=True, eq=False)
class Episode:
    """A transition that was seen earlier."""

    before: Scene
    action: str
    """In words."""
    after: Scene


@dataclass(frozen=True, eq=False)
class Outlook:
    """One state that may follow."""

    scene: Scene
    likelihood: float
    """That the action led there, by the inverse model, 0..1."""
    told: Told
    """The likeliest action by the inverse model."""
    recalled: int | None
    """Which of the earlier transitions came to mind."""


class Imagination:
    """Both models, loaded."""

    def __init__(self, forward: ForwardModel, vae: AutoencoderKL, words: Tokenizer, reader: ActionReader) -> None:
        self.forward, self.vae = forward.eval(), vae.eval()
        self._words, self.reader = words, reader
        self.painter: WanTransformer3DModel | None = None
        """What draws for the forward model, if something does."""
        self.wanted: Collection[str] = MODALITIES
        """What is foreseen, the picture always: words, one by one, take longest."""

    @classmethod
    def from_pretrained(cls, forward: Path, vae: Path, inverse: Path) -> Imagination:
        """Load from folders: safetensors only, nothing downloaded, float32."""
        known = {"dtype": torch.float32, "use_safetensors": True, "local_files_only": True}
        made = cls(
            ForwardModel.from_pretrained(forward, **known),
            AutoencoderKL.from_pretrained(vae, **known),
            PreTrainedTokenizerFast.from_pretrained(forward, local_files_only=True).backend_tokenizer,
            ActionReader.from_pretrained(inverse),
        )
        if (forward / painting.FOLDER).is_dir():
            made.painter = painting.load(forward / painting.FOLDER).eval()
        return made

    def to(self, device: torch.device) -> Imagination:
        """Move the weights to the device."""
        self.forward.to(device)
        self.vae.to(device)
        self.reader.to(device)
        if self.painter is not None:
            self.painter.to(device)
        return self

    def foresee(self, scene: Scene, said: str, action: Action, seed: int, earlier: Sequence[Episode] = ()) -> Outlook:
        """One state that may follow; another seed, another one.

        said: the action in the person's words; action: what they mean. earlier: transitions of this world, of which
        the most alike comes to mind: never one that began from this state with these words, so never the answer.
        """
        recalled = self._recall(scene, said, earlier)
        triple = None if recalled is None else self._triple(earlier[recalled])
        seen = self._perceived(scene, seed)
        made = self.forward.predict(seen, self._ids([said]), self.wanted, triple)
        latents = made.picture
        if self.painter is not None and made.thought is not None:
            random = torch.Generator().manual_seed(seed)
            latents = painting.paint(self.painter, made.thought, seen.picture, random)
        return self._outlook(scene, self._painted(latents), action, made, recalled)

    def beside(
        self, scene: Scene, picture: Picture, said: str, action: Action, earlier: Sequence[Episode] = ()
    ) -> Outlook:
        """What is heard and said, where another model foresaw the picture; and how likely the action led there."""
        recalled = self._recall(scene, said, earlier)
        triple = None if recalled is None else self._triple(earlier[recalled])
        words = self._ids([scene.words]) if scene.words else None
        made = self.forward.predict(
            Senses(self._latents(scene.picture), None, words), self._ids([said]), ("sound", "words"), triple
        )
        return self._outlook(scene, picture, action, made, recalled)

    def _outlook(self, scene: Scene, picture: Picture, action: Action, made: Senses, recalled: int | None) -> Outlook:
        pair = scene.picture[None], picture[None]
        likelihood = float(self.reader.likelihood(*pair, [action])[0])
        words = text_of(self._words, [] if made.words is None else made.words[0].tolist())
        sound = None if made.sound is None else made.sound[0].float().cpu().numpy().clip(0, 1.25)
        return Outlook(Scene(picture, words, sound), likelihood, self.reader.tell(*pair, 1)[0][0], recalled)

    def _recall(self, scene: Scene, said: str, earlier: Sequence[Episode]) -> int | None:
        """The place of the earlier transition that is most alike, by its words; None where there is none."""
        free = [
            place
            for place, one in enumerate(earlier)
            if not (one.action == said and np.array_equal(one.before.picture, scene.picture))
        ]
        if not free:
            return None
        mine = self._embedding(scene.words, said)
        likeness = torch.cat([self._embedding(earlier[place].before.words, earlier[place].action) for place in free])
        return free[int((likeness @ mine[0]).argmax())]

    def _embedding(self, words: str, said: str) -> torch.Tensor:
        embedding: torch.Tensor = self.forward.embed(Senses(words=self._ids([words])), self._ids([said]))
        return embedding

    def _triple(self, one: Episode) -> Triple:
        return Triple(self._latents(one.before.picture), self._ids([one.action]), self._latents(one.after.picture))

    def _perceived(self, scene: Scene, seed: int) -> Senses:
        """The scene as the model is given it, with as much noise as falls to this seed."""
        random = torch.Generator().manual_seed(seed)
        amount = _NOISE * float(torch.rand((), generator=random))
        latents = self._latents(scene.picture)
        noisy = latents + amount * torch.randn(latents.shape, generator=random).to(latents.device)
        words = self._ids([scene.words]) if scene.words else None
        sound = None if scene.sound is None else torch.from_numpy(scene.sound)[None].to(latents)
        return Senses(noisy, sound, words)

    def _ids(self, texts: Sequence[str]) -> torch.Tensor:
        return torch.from_numpy(ids_of(self._words, texts)).to(self.forward.device)

    @torch.no_grad()
    def _latents(self, picture: Picture) -> torch.Tensor:
        """Normalised latents of one picture, (1, channels, edge, edge)."""
        pixels = torch.from_numpy(picture.copy()).to(self.vae.device).movedim(-1, 0)[None].float().div(127.5).sub(1)
        mode = self.vae.encode(pixels).latent_dist.mode()
        latents: torch.Tensor = (mode - self.vae.config.shift_factor) * self.vae.config.scaling_factor
        return latents

    @torch.no_grad()
    def _painted(self, latents: torch.Tensor | None) -> Picture:
        """The picture of one state's latents."""
        if latents is None:
            raise ValueError("a picture was wanted, and none came")
        unscaled = latents / self.vae.config.scaling_factor + self.vae.config.shift_factor
        pixels: torch.Tensor = self.vae.decode(unscaled).sample[0]
        shown = pixels.add(1).mul(127.5).round().clamp(0, 255).to(torch.uint8).movedim(0, -1)
        return shown.cpu().numpy()

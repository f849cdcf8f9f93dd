"""The pocket pipeline: standard diffusers and transformers components, one small world.

One transformer makes an image from text, a video from text and any known frames, and edits and fills in what is there
already. What is given goes in as Wan's image-to-video does it: its latents and a mask, concatenated to the noisy
latents along the channels (engine.pocket.given). Flow matching, Euler steps, classifier-free guidance. The autoencoder
is a 2-D one, frame by frame, so any frame can be a known one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from diffusers import AutoencoderKL, DiffusionPipeline, FlowMatchEulerDiscreteScheduler, WanTransformer3DModel
from diffusers.utils import BaseOutput
from diffusers.utils.torch_utils import randn_tensor
from PIL import Image
from transformers import PreTrainedTokenizerFast, T5EncoderModel

from engine.pocket.given import Given, Source, paste_back, roles

TEXT_TOKENS = 80
"""Length that every prompt is padded or cut to, in tokens."""

StepCallback = Callable[["PocketPipeline", int, int, dict[str, torch.Tensor]], Mapping[str, torch.Tensor]]


@dataclass
class PocketOutput(BaseOutput):
    """Frames: uint8, (clips, frames, height, width, 3)."""

    frames: np.ndarray[Any, np.dtype[np.uint8]]


class PocketPipeline(DiffusionPipeline):
    """Text, and optionally known frames, to frames; called like any diffusers video pipeline."""

    model_cpu_offload_seq = "text_encoder->transformer->vae"

    def __init__(
        self,
        tokenizer: PreTrainedTokenizerFast,
        text_encoder: T5EncoderModel,
        transformer: WanTransformer3DModel,
        vae: AutoencoderKL,
        scheduler: FlowMatchEulerDiscreteScheduler,
    ) -> None:
        super().__init__()
        self.register_modules(
            tokenizer=tokenizer, text_encoder=text_encoder, transformer=transformer, vae=vae, scheduler=scheduler
        )

    @torch.inference_mode()
    def __call__(
        self,
        prompt: str | Sequence[str],
        negative_prompt: str | Sequence[str] = "",
        *,
        known: Mapping[int, Image.Image | Sequence[Image.Image]] | None = None,
        source: Source | Sequence[Source] | None = None,
        height: int = 192,
        width: int = 192,
        num_frames: int = 17,
        num_inference_steps: int = 8,
        guidance_scale: float = 3.0,
        generator: torch.Generator | Sequence[torch.Generator] | None = None,
        callback_on_step_end: StepCallback | None = None,
        alone: int | Sequence[int] | None = None,
    ) -> PocketOutput:
        """Make `num_frames` frames of `height` x `width` pixels (both multiples of 16) for each prompt.

        `known` maps frame indices (0 is the first) to pictures of that size, one or one a prompt: {} makes from text
        alone, {0: a} starts from a picture, {0: a, num_frames - 1: b} goes from one to another. `source` is what is
        there already, to be edited or filled in, one for all prompts or one a prompt; where it may not change it comes
        out as it went in. `generator` draws the noise, one for all or one a prompt.
        `callback_on_step_end(pipeline, step, timestep, {"latents", "denoised"})` is called after every step.
        `alone`: only this frame, one for all prompts or one a prompt, is decoded and given back, if there is no source.
        Raises ValueError for a size that is no multiple of 16, a known frame outside the clip, or a source of another
        shape.
        """
        sources = [source] if isinstance(source, Source) else list(source or ())
        _check(known or {}, sources, (num_frames, height, width))
        prompts = [prompt] if isinstance(prompt, str) else list(prompt)
        avoid = [negative_prompt] * len(prompts) if isinstance(negative_prompt, str) else list(negative_prompt)
        text = self.encode_text([*avoid, *prompts] if guidance_scale != 1.0 else prompts)
        shape = (len(prompts), self.vae.config.latent_channels, num_frames, height // 8, width // 8)
        given = self._given(known or {}, sources, shape)
        generators = list(generator) if isinstance(generator, Sequence) else generator
        latents = randn_tensor(shape, generator=generators, device=self.device, dtype=torch.float32)
        self.scheduler.set_timesteps(num_inference_steps, device=self.device)
        for step, timestep in enumerate(self.scheduler.timesteps):
            velocity = _guided(self._velocity(latents, given, text, timestep), guidance_scale)
            denoised = latents - self.scheduler.sigmas[step].to(latents) * velocity
            latents = self.scheduler.step(velocity, timestep, latents, return_dict=False)[0]
            if callback_on_step_end is not None:
                callback_on_step_end(self, step, int(timestep), {"latents": latents, "denoised": denoised})
        latents = torch.where(given.roles > 0, given.latents, latents)
        if alone is not None and not sources:
            latents = latents[torch.arange(len(latents)), :, torch.as_tensor(alone).expand(len(latents))][:, :, None]
        return PocketOutput(frames=self._shown(latents, sources))

    def encode_text(self, prompts: Sequence[str]) -> torch.Tensor:
        """Embed prompts: (prompts, TEXT_TOKENS, width), zero after each prompt's end, as Wan has it."""
        tokens = self.tokenizer(
            [prompt.lower() for prompt in prompts],
            padding="max_length",
            truncation=True,
            max_length=TEXT_TOKENS,
            return_tensors="pt",
        ).to(self.device)
        hidden: torch.Tensor = self.text_encoder(tokens.input_ids, tokens.attention_mask).last_hidden_state
        kept: torch.Tensor = hidden * tokens.attention_mask[..., None]
        return kept

    def encode(self, images: Sequence[Image.Image]) -> torch.Tensor:
        """Encode pictures of one size: (pictures, channels, height / 8, width / 8), about unit variance."""
        pixels = np.stack([np.asarray(image.convert("RGB")) for image in images])
        tensor = torch.from_numpy(pixels).permute(0, 3, 1, 2).to(self.device, self.vae.dtype) / 127.5 - 1
        mean: torch.Tensor = self.vae.encode(tensor).latent_dist.mode()
        normal: torch.Tensor = (mean.float() - self.vae.config.shift_factor) * self.vae.config.scaling_factor
        return normal

    def decode(self, latents: torch.Tensor) -> np.ndarray[Any, np.dtype[np.uint8]]:
        """Decode latents (channels, frames, h, w) to uint8 frames (frames, 8 h, 8 w, 3), four at a time."""
        frames = latents.transpose(0, 1) / self.vae.config.scaling_factor + self.vae.config.shift_factor
        decoded = [self.vae.decode(part.to(self.vae.dtype)).sample for part in frames.split(4)]
        pixels = ((torch.cat(decoded).float() + 1) * 127.5).round().clamp(0, 255).to(torch.uint8)
        return np.ascontiguousarray(pixels.permute(0, 2, 3, 1).cpu().numpy())

    def _shown(self, latents: torch.Tensor, sources: Sequence[Source]) -> np.ndarray[Any, np.dtype[np.uint8]]:
        """The pixels of clips' latents, with what of their sources may not change."""
        pixels = self.decode(latents.transpose(0, 1).flatten(1, 2))
        made = pixels.reshape(len(latents), -1, *pixels.shape[1:])
        if not sources:
            return made
        each = list(sources) * len(made) if len(sources) == 1 else sources
        return np.stack([paste_back(clip, one) for clip, one in zip(made, each, strict=True)])

    def _given(
        self,
        known: Mapping[int, Image.Image | Sequence[Image.Image]],
        sources: Sequence[Source],
        shape: tuple[int, ...],
    ) -> Given:
        """What the model is told of the clips: their sources first, then the known frames over them."""
        latents = torch.zeros(shape, device=self.device)
        told = torch.zeros((shape[0], 1, *shape[2:]), device=self.device)
        if sources:
            told[:] = torch.stack([roles(one, (shape[3], shape[4])) for one in sources])[:, None].to(self.device)
            pictures = [Image.fromarray(frame) for one in sources for frame in one.frames]
            latents[:] = self.encode(pictures).unflatten(0, (len(sources), -1)).transpose(1, 2)
            latents *= told != 0
        for index, images in known.items():
            latents[:, :, index] = self.encode([images] if isinstance(images, Image.Image) else images)
            told[:, :, index] = 1
        return Given(latents, told)

    def _velocity(
        self,
        latents: torch.Tensor,
        given: Given,
        text: torch.Tensor,
        timestep: torch.Tensor,
    ) -> torch.Tensor:
        model_input = torch.cat([latents, given.latents, given.roles], dim=1)
        model_input = torch.cat([model_input] * (len(text) // len(latents)))
        output: torch.Tensor = self.transformer(
            model_input.to(self.transformer.dtype),
            timestep.expand(len(text)),
            text.to(self.transformer.dtype),
            return_dict=False,
        )[0]
        return output.float()


def _check(
    known: Mapping[int, Image.Image | Sequence[Image.Image]], sources: Sequence[Source], shape: tuple[int, int, int]
) -> None:
    """Raise ValueError for what cannot be made; `shape` is (frames, height, width)."""
    frames, height, width = shape
    if height % 16 or width % 16:
        raise ValueError(f"height and width must be multiples of 16, not {height} x {width}")
    if not set(known) <= set(range(frames)):
        raise ValueError(f"known frames {sorted(known)} lie outside 0..{frames - 1}")
    for source in sources:
        if source.frames.shape != (*shape, 3):
            raise ValueError(f"a source of {source.frames.shape} is none of {(*shape, 3)}")


def _guided(velocity: torch.Tensor, scale: float) -> torch.Tensor:
    """Classifier-free guidance (Ho and Salimans, 2022); at a scale of 1 the model was asked only once."""
    if scale == 1.0:
        return velocity
    unconditional, conditional = velocity.chunk(2)
    return unconditional + scale * (conditional - unconditional)

"""What rows tell, as JSON and as a table in Markdown."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import diffusers
import torch

from bench.models.curve import plotted


def machine(device: torch.device) -> Mapping[str, str]:
    """What was measured on."""
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else platform.processor() or platform.machine()
    return {
        "device": name,
        "torch": torch.__version__,
        "diffusers": diffusers.__version__,
        "python": platform.python_version(),
    }


def write(folder: Path, name: str, told: Mapping[str, Any]) -> None:
    """`NAME.json` and `NAME.md`, at once."""
    folder.mkdir(parents=True, exist_ok=True)
    figures = dict(told["figures"])
    curves = figures.pop("curves", None)
    told = {**told, "figures": figures}
    if curves:
        (folder / f"{name}.svg").write_text(plotted(curves, f"{name}: GiB on the device"), encoding="utf-8")
        (folder / f"{name}-curves.json").write_text(json.dumps(curves), encoding="utf-8")
    (folder / f"{name}.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    (folder / f"{name}.md").write_text(table(told), encoding="utf-8")


def table(told: Mapping[str, Any]) -> str:
    """Figures with their names, one a line; what belongs together has a heading."""
    lines = [f"## {told.get('row', '')}: {told.get('what', '')}", "", f"`{told.get('command', '')}`", ""]
    lines += ["| what | figure |", "|---|---|"]
    lines += [f"| {name} | {_said(value)} |" for name, value in _flat(told.get("figures", {}))]
    lines += ["", ", ".join(f"{name} {value}" for name, value in told.get("machine", {}).items()), ""]
    return "\n".join(lines)


def _flat(told: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in told.items():
        if name == "curves":
            continue
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{name}: ")
        else:
            yield before + name, value


def _said(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, list):
        return ", ".join(_said(one) for one in value)
    return "equal" if value is None else str(value)

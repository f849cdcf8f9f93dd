"""How a command of the command line is added: its help is shown as it is written, and no name is cut short."""

from __future__ import annotations

import argparse


def add_command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    summary: str,
    about: str,
    examples: str | None = None,
) -> argparse.ArgumentParser:
    """A command of this name: `summary` stands in the list, `about` above its own options, `examples` below."""
    return commands.add_parser(
        name,
        help=summary,
        description=about,
        epilog=examples,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )

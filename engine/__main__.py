"""The command line: `python -m engine --help`."""

from __future__ import annotations

import sys

from engine.command.terminal import Streams, main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Streams(sys.stdin, sys.stdout, sys.stderr)))

"""Opens the door: settings, Studio, page, launch. The file that a Space runs, and `python app.py` at home."""

from __future__ import annotations

import argparse
import os
import sys

from engine.configuration import Configuration
from engine.errors import GreenlightError

SETTINGS = """\
Serves Greenlight's page on this machine. What it goes by stands in the environment:
  GREENLIGHT_HOME                  where projects, the queue and settings live
  GREENLIGHT_HOST, GREENLIGHT_PORT address of the page (127.0.0.1, 7860)
The README tells the others. `python -m engine --help` does the same work without a page."""


def main() -> None:
    """Serve Greenlight until it is stopped; a clear sentence and exit code 1 when it cannot start."""
    argparse.ArgumentParser(description=SETTINGS, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    try:
        configuration = Configuration.from_environment()
        os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
        os.environ.setdefault("GRADIO_TEMP_DIR", str(configuration.home / "uploads"))
        grant = None
        if configuration.granted:
            import spaces  # before torch: it takes the device's place until one is granted

            grant = spaces.GPU
        from engine.studio import Studio
        from ui.shell import build, launch

        host = os.environ.get("GRADIO_SERVER_NAME") or configuration.host
        with Studio.open(configuration, grant=grant) as studio:
            launch(build(studio), studio, host, configuration.port)
    except GreenlightError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()

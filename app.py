"""Opens the door: settings, Studio, page, launch. The file that a Space runs, and `python app.py` at home."""

from __future__ import annotations

import os
import sys

from engine.configuration import Configuration
from engine.errors import GreenlightError


def main() -> None:
    """Serve Greenlight until it is stopped; a clear sentence and exit code 1 when it cannot start."""
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

"""Start the assistant in a browser: python app.py [--host H] [--port P] [--corpus DIR] [--index DIR]."""

import os
import sys
from pathlib import Path

from assistant.__main__ import main

if __name__ == "__main__":
    home = Path(__file__).resolve().parent
    # Started from another folder, it serves its own documents, unless that folder has some.
    if not os.environ.get("ASSISTANT_CORPUS") and not Path("corpus").is_dir():
        os.environ["ASSISTANT_CORPUS"] = str(home / "corpus")
        os.environ["ASSISTANT_INDEX"] = os.environ.get("ASSISTANT_INDEX") or str(home / "index")
    sys.exit(main(["serve", *sys.argv[1:]]))

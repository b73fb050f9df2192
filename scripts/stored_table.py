"""How the scripts that ask CPython store what it says."""
import json
import os
import sys


def store(name, data):
    """Writes a table beside this file; with --print shows it instead."""
    text = json.dumps(data, indent=2) + "\n"
    if "--print" in sys.argv:
        sys.stdout.write(text)
        return
    folder = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(text)

"""Counts lines and words of files, whose names come by stdin, several at a time."""

import json
import sys
from argparse import ArgumentParser
from multiprocessing import Pool, set_start_method


def count(file):
    try:
        with open(file) as f:
            text = f.read()
    except OSError:
        return {"file": file, "error": "cannot be read"}
    return {"file": file, "lines": text.count("\n"), "words": len(text.split())}


def names():
    for line in sys.stdin:
        if line.strip("\n") != "":
            yield line.rstrip("\n")


def jobs(text):
    if not text.isdigit() or int(text) < 1:
        print("count_words: --jobs: must be 1 or more", file=sys.stderr)
        sys.exit(2)
    return int(text)


def main():
    parser = ArgumentParser("count_words")
    parser.add_argument("--jobs", type=str)
    options = parser.parse_args()
    workers = None if options.jobs is None else jobs(options.jobs)
    failed = 0
    with Pool(workers) as pool:
        for found in pool.imap(count, names()):
            print(json.dumps(found, separators=(",", ":")))
            if "error" in found:
                print(
                    "count_words: %s: %s" % (found["file"], found["error"]),
                    file=sys.stderr,
                )
                failed += 1
    return 1 if failed > 0 else 0


if __name__ == "__main__":
    set_start_method("spawn")
    sys.exit(main())

#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Plays scenarios against the real server on a real PostgreSQL.

    run.py SERVER_BINARY [FOLDER_OR_FILE...] [--verbose]

Every scenario has a domain of its own on one server, so they cannot disturb each other.
"""

import argparse
import pathlib
import re
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE.parent / "support"))

from harness.server import Server  # noqa: E402
from script import read_script     # noqa: E402
from actor import Failed           # noqa: E402
from stage import PASSWORD, Stage  # noqa: E402

ELSEWHERE = "elsewhere.test"
USERS = ("alice", "bob", "carol", "dave")
SETTINGS = """
[presence]
hysteresis_seconds = 1
[limits]
register_min_seconds = 2
publish_min_seconds = 2
subscribe_min_seconds = 2
bindings_per_user = 4
nonce_seconds = 10
"""


def find(places):
    files = []
    for place in places:
        files += sorted(place.rglob("*.scenario")) if place.is_dir() else [place]
    return [read_script(file) for file in files]


def domain_of(script):
    return re.sub(r"[^a-z0-9]+", "-", f"{script.path.parent.name}-{script.path.stem}".lower()) + ".test"


def play(server, script, verbose):
    """None, or why the scenario failed."""
    began = time.monotonic()
    try:
        Stage(server, domain_of(script), ELSEWHERE).play(script)
        failure = None
    except Failed as failed:
        failure = str(failed)
    if server.process.poll() is not None:
        failure = f"the server died with {server.process.returncode}\n{server.log_tail()}\n      {failure}"
        server.start()
    mark = "FAILED" if failure else "ok"
    if failure or verbose:
        print(f"{mark:6} {time.monotonic() - began:5.1f} s  {script.title}", flush=True)
    if failure:
        print(f"      {failure}", flush=True)
    return failure


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary", type=pathlib.Path)
    parser.add_argument("places", type=pathlib.Path, nargs="*", default=[HERE])
    parser.add_argument("--verbose", action="store_true", help="a line for each scenario that passes, too")
    options = parser.parse_args()
    scripts = find(options.places)
    if not scripts:
        sys.exit("no scenario found")
    domains = [ELSEWHERE] + [domain_of(script) for script in scripts]
    with Server(options.binary, domains, SETTINGS) as server:
        server.start()
        server.import_users([(user, domain, PASSWORD) for domain in domains for user in USERS])
        failures = [script for script in scripts if play(server, script, options.verbose)]
    print(f"{len(scripts) - len(failures)} of {len(scripts)} scenarios passed")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()

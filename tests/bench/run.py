#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Measures the server, and its peers in the same run: each is started in turn on an equal PostgreSQL of its
own and loaded case by case, round after round. Prints tables; the medians of the rounds count.

    run.py --server BINARY --tools FOLDER [--quick | --smoke] [--peer NAME]... [--case NAME]... [--output FILE]

A run in which something was lost or wrong has failed, whatever its rate.
"""

import argparse
import json
import pathlib
import random
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE.parent / "support"))

import tables                                # noqa: E402
from peers.kamailio import Kamailio          # noqa: E402
from subjects import kamailio, rollcall      # noqa: E402

REALM = "bench.test"
PASSWORD = "bench"
CASES = ("options", "register", "message", "subscribe", "refresh", "publish")
CHALLENGED = ("register", "message")  # those that are also measured with the nonce reused
PEERS = ("durable", "fast")
SOCKETS = 16

SIZES = {
    "full": {"users": 10_000, "in_flight": 50, "seconds": 10, "presentities": 500, "rounds": 3},
    "quick": {"users": 2_000, "in_flight": 50, "seconds": 2, "presentities": 100, "rounds": 1},
    "smoke": {"users": 200, "in_flight": 10, "seconds": 1, "presentities": 10, "rounds": 1},
}


class Run:
    """One server with its database, under one load after the other."""

    def __init__(self, tools, size, server, database):
        self.tools, self.size, self.server, self.database = tools, size, server, database
        self.first_port = random.randrange(20_000, 30_000)  # below the ports that the system deals out

    def load(self, case, reuse):
        command = [self.tools / "sip_load", "--case", case, "--reuse-nonce", "yes" if reuse else "no",
                   "--target", f"127.0.0.1:{self.server.port}", "--realm", REALM, "--password", PASSWORD,
                   "--users", self.size["users"], "--in-flight", self.size["in_flight"],
                   "--seconds", self.size["seconds"], "--presentities", self.size["presentities"],
                   "--sockets", SOCKETS, "--first-port", self.first_port,
                   "--server-pid", self.server.process.pid, "--database-pid", self.database.pid]
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=900)
        if done.returncode == 2:
            sys.exit(f"{case}: {done.stderr}")
        return json.loads(done.stdout)


def ceilings(tools, size, database):
    """What this machine can do at most: a bare relay, and upserts of as many rows a commit."""
    seconds = str(size["seconds"])
    commands = [[tools / "ceiling_relay", seconds, "500"]]
    commands += [[tools / "ceiling_upsert", database.url, seconds, rows] for rows in ("50", "500")]
    return [json.loads(subprocess.run([str(word) for word in command], capture_output=True, text=True,
                                      check=True, timeout=120).stdout) for command in commands]


def measure(run, name, cases):
    """Runs the cases; gives their results."""
    results = []
    for case in cases:
        for reuse in ((False, True) if case in CHALLENGED else (False,)):
            result = run.load(case, reuse)
            result["subject"] = name
            results.append(result)
            tables.print_result(result)
    return results


def read_options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--server", required=True, type=pathlib.Path)
    parser.add_argument("--tools", required=True, type=pathlib.Path, help="folder of sip_load and the ceilings")
    parser.add_argument("--quick", action="store_true", help="fewer users, seconds and rounds")
    parser.add_argument("--smoke", action="store_true", help="just see that every case runs")
    parser.add_argument("--peer", action="append", choices=PEERS, help="measure Kamailio beside it, in this profile")
    parser.add_argument("--case", action="append", choices=CASES, help="only this one; may be repeated")
    parser.add_argument("--in-flight", type=int, help="operations at the same time")
    parser.add_argument("--rounds", type=int, help="how often everybody has a turn")
    parser.add_argument("--output", type=pathlib.Path, help="write the results there, as JSON")
    return parser.parse_args()


def main():
    options = read_options()
    size = dict(SIZES["smoke" if options.smoke else "quick" if options.quick else "full"])
    size["in_flight"] = options.in_flight or size["in_flight"]
    size["rounds"] = options.rounds or size["rounds"]
    subjects = [rollcall(options.server, REALM)]
    if options.peer and not Kamailio.installed():
        sys.exit("Kamailio is not installed: apt-get install " + " ".join(Kamailio.PACKAGES))
    subjects += [kamailio(profile, REALM) for profile in options.peer or ()]
    users = [(f"u{number}", REALM, PASSWORD) for number in range(size["users"])]

    results, limits = [], []
    tables.print_head(size)
    for number in range(size["rounds"]):
        for subject in subjects:
            with subject.running(users) as (server, database):
                results += measure(Run(options.tools, size, server, database), subject.name, options.case or CASES)
                if subject.name == "rollcall" and number == 0:
                    limits = ceilings(options.tools, size, database)
    tables.print_summary(results, limits)
    if options.output:
        everything = {"size": size, "results": results, "ceilings": limits}
        options.output.write_text(json.dumps(everything, indent=2) + "\n")
    sys.exit(1 if any(result["lost"] or result["wrong"] for result in results) else 0)


if __name__ == "__main__":
    main()

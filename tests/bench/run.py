#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Measures the server: starts it on a PostgreSQL of its own, loads it case by case, prints a table.

    run.py --server BINARY --tools FOLDER [--quick | --smoke] [--case NAME]... [--output FILE]

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

from harness.postgres import Postgres        # noqa: E402
from harness.server import Server            # noqa: E402

REALM = "bench.test"
PASSWORD = "bench"
CASES = ("options", "register", "message", "subscribe", "refresh", "publish")
CHALLENGED = ("register", "message")  # those that are also measured with the nonce reused
SOCKETS = 16
SETTINGS = '[log]\nlevel = "warning"\n'

SIZES = {
    "full": {"users": 10_000, "in_flight": 50, "seconds": 10, "presentities": 500},
    "quick": {"users": 2_000, "in_flight": 50, "seconds": 3, "presentities": 100},
    "smoke": {"users": 200, "in_flight": 10, "seconds": 1, "presentities": 10},
}
COLUMNS = ("case", "nonce", "ops/s", "p50 ms", "p95 ms", "p99 ms", "server CPU", "db CPU", "lost", "wrong")


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

    def ceilings(self):
        seconds = str(self.size["seconds"])
        commands = [[self.tools / "ceiling_relay", seconds, "500"]]
        commands += [[self.tools / "ceiling_upsert", self.database.url, seconds, rows] for rows in ("50", "500")]
        return [json.loads(subprocess.run([str(word) for word in command], capture_output=True, text=True,
                                          check=True, timeout=120).stdout) for command in commands]


def row_of(result):
    return (result["case"], "reused" if result["reuse_nonce"] else "each", f"{result['rate']:.0f}",
            f"{result['p50_ms']:.2f}", f"{result['p95_ms']:.2f}", f"{result['p99_ms']:.2f}",
            f"{result['server_cpu_s_per_1000']:.3f}", f"{result['database_cpu_s_per_1000']:.3f}",
            str(result["lost"]), str(result["wrong"]))


def print_row(cells):
    print("  ".join(cell.ljust(10) if place < 2 else cell.rjust(10) for place, cell in enumerate(cells)), flush=True)


def measure(run, cases):
    """Runs the cases; gives their results."""
    print_row(COLUMNS)
    results = []
    for case in cases:
        for reuse in ((False, True) if case in CHALLENGED else (False,)):
            result = run.load(case, reuse)
            results.append(result)
            print_row(row_of(result))
            for complaint in result["complaints"]:
                print(f"    {complaint}")
    return results


def print_ceilings(ceilings):
    relay, *upserts = ceilings
    print(f"ceiling: a bare relay passes {relay['rate']:.0f} datagrams/s on")
    for upsert in upserts:
        print(f"ceiling: upserts of {upsert['rows_a_batch']} rows a commit write {upsert['rate']:.0f} rows/s")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--server", required=True, type=pathlib.Path)
    parser.add_argument("--tools", required=True, type=pathlib.Path, help="folder of sip_load and the ceilings")
    parser.add_argument("--quick", action="store_true", help="fewer users and seconds")
    parser.add_argument("--smoke", action="store_true", help="just see that every case runs")
    parser.add_argument("--case", action="append", choices=CASES, help="only this one; may be repeated")
    parser.add_argument("--in-flight", type=int, help="operations at the same time")
    parser.add_argument("--output", type=pathlib.Path, help="write the results there, as JSON")
    options = parser.parse_args()
    size = dict(SIZES["smoke" if options.smoke else "quick" if options.quick else "full"])
    size["in_flight"] = options.in_flight or size["in_flight"]

    with Postgres() as database, Server(options.server, [REALM], SETTINGS, database.url) as server:
        server.start()
        server.import_users((f"u{number}", REALM, PASSWORD) for number in range(size["users"]))
        run = Run(options.tools, size, server, database)
        print(f"{size['users']} users, {size['in_flight']} in flight, {size['seconds']} s a case; "
              "CPU in seconds per 1,000 operations")
        results = measure(run, options.case or CASES)
        ceilings = run.ceilings()
        print_ceilings(ceilings)
        print(f"server memory (PSS): {results[-1]['server_pss_kib'] / 1024:.0f} MiB")
    if options.output:
        everything = {"size": size, "results": results, "ceilings": ceilings}
        options.output.write_text(json.dumps(everything, indent=2) + "\n")
    sys.exit(1 if any(result["lost"] or result["wrong"] for result in results) else 0)


if __name__ == "__main__":
    main()

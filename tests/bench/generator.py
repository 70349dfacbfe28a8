# SPDX-License-Identifier: Apache-2.0
"""Runs the load generator, and the programs that say what the machine can do at most."""

import json
import random
import subprocess

from harness.postgres import Postgres

REALM = "bench.test"
PASSWORD = "bench"
SOCKETS = 16
PATIENCE_SECONDS = 900  # beyond the load itself, for what it prepares


class LoadFailed(Exception):
    """The load could not be run; the text says why."""


class Generator:
    """Loads one server. All loads come from the same ports, so that contacts stay the same."""

    def __init__(self, tools, server, database):
        self._program, self._server, self._database = tools / "sip_load", server, database
        self._first_port = random.randrange(20_000, 30_000)  # below the ports that the system deals out

    def run(self, case, **options):
        """What sip_load says; options as it has them, with _ for -."""
        words = {"target": f"127.0.0.1:{self._server.port}", "realm": REALM, "password": PASSWORD,
                 "sockets": SOCKETS, "first_port": self._first_port, "server_pid": self._server.process.pid,
                 "database_pid": self._database.pid,
                 "presentities": options["in_flight"],  # the fewest that it takes, whatever the case
                 **options}
        if words.get("transport") == "udp":
            del words["transport"]  # the default
        command = [str(self._program), "--case", case]
        for name, value in words.items():
            text = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
            command += ["--" + name.replace("_", "-"), str(text)]
        return _json_of(command, PATIENCE_SECONDS + options.get("seconds", 0))


def users(count):
    """(user, domain, password) of those that sip_load knows."""
    return [(f"u{number}", REALM, PASSWORD) for number in range(count)]


def ceilings(tools, seconds):
    """A bare relay of datagrams, and upserts of so many rows a commit; none of it knows SIP."""
    results = [_json_of([str(tools / "ceiling_relay"), str(seconds), "500"], 60 + seconds)]
    with Postgres() as database:
        results += [upserts(tools, database, seconds, rows) for rows in (1, 50, 500)]
    return results


def upserts(tools, database, seconds, rows):
    return _json_of([str(tools / "ceiling_upsert"), database.url, str(seconds), str(rows)], 60 + seconds)


def _json_of(command, seconds):
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds)
    except subprocess.TimeoutExpired:
        raise LoadFailed(f"did not end within {seconds} s") from None
    if done.returncode not in (0, 1) or not done.stdout:
        raise LoadFailed((done.stderr.strip() or f"ended with {done.returncode}").splitlines()[-1])
    return json.loads(done.stdout)

# SPDX-License-Identifier: Apache-2.0
"""What is measured: Rollcall and its peers, each on an equal PostgreSQL of its own."""

import contextlib

from harness.postgres import Postgres
from harness.server import Server
from peers.kamailio import Kamailio

PROFILES = ("durable", "fast")
SETTINGS = '[log]\nlevel = "warning"\n'


class Subject:
    """A server with a name, that can be started as often as wanted, each time with an empty database."""

    def __init__(self, name, start):
        self.name, self._start = name, start

    def running(self, users):
        """A context: (server, database), with the users known and requests answered."""
        return self._start(users)


def rollcall(binary, domain, settings="", name="rollcall"):
    """With its defaults, and what `settings` (TOML) changes."""
    @contextlib.contextmanager
    def start(users):
        with Postgres() as database, Server(
                binary, [domain], SETTINGS + settings, database.url, shards=None) as server:
            server.start()
            server.import_users(users)
            yield server, database
    return Subject(name, start)


def kamailio(profile, domain):
    """`profile`: "durable" writes each change before it answers, "fast" keeps them in memory for a minute."""
    @contextlib.contextmanager
    def start(users):
        with Postgres() as database, Kamailio(database, domain, profile) as server:
            server.import_users(users)
            server.start()
            yield server, database
    return Subject(f"kamailio-{profile}", start)

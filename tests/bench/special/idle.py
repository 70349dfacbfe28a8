# SPDX-License-Identifier: Apache-2.0
"""What a durable REGISTER takes when nobody else wants anything."""

import statistics

from generator import upserts, users
from tables import Table

TITLE = "An idle server"
NOTE = ("One REGISTER in flight, nonce reused, beside commits of one row by one bare connection to the same "
        "PostgreSQL, in turn. Medians.")
SECONDS = 25
ROUNDS = 5


def measure(bench):
    seconds = 1 if bench.small else 2
    register, commit = [], []
    with bench.ours.running(users(100)) as (server, database):
        generator = bench.generator(server, database)
        for _ in range(ROUNDS):
            load = generator.run("register", users=100, in_flight=1, seconds=seconds, reuse_nonce=True)
            register.append(load["p50_ms"])
            commit.append(upserts(bench.tools, database, seconds, 1)["p50_ms"])
    return [{"what": "REGISTER", "ms": statistics.median(register)},
            {"what": "commit of one row", "ms": statistics.median(commit)}]


def table(rows):
    return Table(TITLE, ("what", "ms"), [(row["what"], f"{row['ms']:.2f}") for row in rows])

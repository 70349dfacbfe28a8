# SPDX-License-Identifier: Apache-2.0
"""What a second shard brings, and what it costs."""

import statistics

import plan
from generator import REALM, users
from results import cpu_of
from subjects import rollcall
from tables import Table

TITLE = "One shard and two"
NOTE = ("The same loads with `server.shards = 1` and `= 2`, in turn, 2,000 users. Generator and database share the "
        "cores with the server: with two cores there is no room for a second shard to double the rate, and CPU "
        "time an operation is what tells. It counts server and database.")
SECONDS = 240
ROUNDS = 3
ROWS = ("options", "register", "message", "publish-10", "refresh")
PLACE = plan.Surroundings(2_000, 50, "udp", seconds=4, rounds=ROUNDS, presentities=100, first_users=2_000)


def measure(bench):
    rows = [row for row in plan.ROWS if row.key in ROWS]
    loads = {(row.key, count): [] for row in rows for count in (1, 2)}
    for _ in range(1 if bench.small else ROUNDS):
        for count in (1, 2):
            subject = rollcall(bench.binary, REALM, f"[server]\nshards = {count}\n")
            with subject.running(users(PLACE.users)) as (server, database):
                generator = bench.generator(server, database)
                for row in rows:
                    loads[row.key, count].append(generator.run(row.case, **PLACE.load(row)))
    return [_compared(row, loads[row.key, 1], loads[row.key, 2]) for row in rows]


def _compared(row, one, two):
    rates = [statistics.median(load["rate"] for load in found) for found in (one, two)]
    costs = [statistics.median(cpu_of(load) for load in found) for found in (one, two)]
    return {"row": row.key, "title": row.title, "rates": rates, "costs": costs, "rate_ratio": rates[1] / rates[0],
            "cpu_ratio": costs[1] / costs[0]}


def table(rows):
    head = ("operation", "1 shard, ops/s", "2 shards, ops/s", "times", "1 shard, µs/op", "2 shards, µs/op", "times")
    return Table(TITLE, head, [(row["title"], *[f"{rate:,.0f}" for rate in row["rates"]], f"{row['rate_ratio']:.2f}",
                                *[f"{cost:,.0f}" for cost in row["costs"]], f"{row['cpu_ratio']:.2f}")
                               for row in rows])

# SPDX-License-Identifier: Apache-2.0
"""What one watcher that never answers costs the other 999."""

import statistics

from generator import users
from results import cpu_of, spoiled
from tables import Table

TITLE = "One silent watcher among 1,000"
NOTE = ("PUBLISH with 1,000 watchers, 5 in flight. In every second load one watcher of each presentity is silent: "
        "it answers no NOTIFY. Medians of the rounds; the times are until the last of the other watchers has its "
        "NOTIFY.")
SECONDS = 100
ROUNDS = 3


def measure(bench):
    watchers, seconds = (100, 2) if bench.small else (1000, 5)
    loads = {0: [], 1: []}
    for _ in range(1 if bench.small else ROUNDS):
        for silent, found in loads.items():
            with bench.ours.running(users(2 * watchers)) as (server, database):
                found.append(bench.generator(server, database).run(
                    "publish", users=2 * watchers, in_flight=5, seconds=seconds, watchers=watchers, presentities=5,
                    silent_watchers=silent))
    return [{"silent": silent, "watchers": watchers, "spoiled": sum(spoiled(load) for load in found),
             "cpu": statistics.median(cpu_of(load) for load in found),
             **{name: statistics.median(load[name] for load in found) for name in ("rate", "p50_ms", "p99_ms")}}
            for silent, found in loads.items()]


def table(rows):
    return Table(TITLE, ("silent watchers", "PUBLISH a second", "p50 ms", "p99 ms", "CPU µs/op", "lost or wrong"),
                 [(str(row["silent"]), f"{row['rate']:,.1f}", f"{row['p50_ms']:.1f}", f"{row['p99_ms']:.1f}",
                   f"{row['cpu']:,.0f}", str(row["spoiled"])) for row in rows])

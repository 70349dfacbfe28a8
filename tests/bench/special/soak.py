# SPDX-License-Identifier: Apache-2.0
"""Whether memory stays flat under ten minutes of load."""

import statistics

from generator import users
from results import spoiled
from tables import Table

TITLE = "Soak: ten minutes of the mix"
NOTE = ("2,000 users, 50 in flight, as fast as it goes. PSS of the server, mean of each quarter of the time; the "
        "first quarter holds the warm-up.")
SECONDS = 620


def measure(bench):
    seconds = 20 if bench.small else 600
    with bench.ours.running(users(2_000)) as (server, database):
        load = bench.generator(server, database).run("mix", users=2_000, in_flight=50, seconds=seconds, watchers=10,
                                                     presentities=100, sample_seconds=max(1, seconds // 60))
    samples = [(sample["second"], sample["server_pss_kib"] / 1024) for sample in load["timeline"]]
    return [{"seconds": seconds, "operations": load["operations"], "rate": load["rate"], "p99_ms": load["p99_ms"],
             "spoiled": spoiled(load), "pss_mib": samples, "quarters": quarters([pss for _, pss in samples])}]


def quarters(values):
    size = max(1, len(values) // 4)
    return [statistics.mean(values[place * size:(place + 1) * size]) for place in range(4)]


def table(rows):
    head = ("operations", "a second", "p99 ms", "PSS MiB, 1st quarter", "2nd", "3rd", "4th", "grown", "lost or wrong")
    return Table(TITLE, head, [(f"{row['operations']:,}", f"{row['rate']:,.0f}", f"{row['p99_ms']:.1f}",
                                *[f"{mean:.0f}" for mean in row["quarters"]],
                                f"{row['quarters'][3] / row['quarters'][0] - 1:+.1%}", str(row["spoiled"]))
                               for row in rows], left=0)

# SPDX-License-Identifier: Apache-2.0
"""Three times what the server can carry, and what comes after."""

import statistics

import machine
from generator import users
from plan import TITLES
from tables import Table

TITLE = "Overload"
NOTE = ("Server and database have one half of the cores, the generator the other: making three times the load takes "
        "more than the server has to spare. First the best rate: the highest of closed loops with 50, 500 and 2,000 "
        "in flight. Then an open loop, which begins operations at a fixed rate whatever the server does: 3 s at half "
        "the best rate, 10 s at three times, 6 s at half. *Done* is what succeeded in a second of the overload, as a "
        "part of the best rate; *refused* was answered 503 with Retry-After. Back to normal is the first second "
        "after the overload for which the p99 of what began in it is no more than twice that of before, or 5 ms.")
SECONDS = 150
CASES = ("register", "message", "mix")
CALM, FLOOD, AFTER = 3, 10, 6  # seconds
LOOPS = (50, 500, 2_000)
USERS, PRESENTITIES = 100_000, 2_000
NORMAL_MS = 5


def measure(bench):
    return [measure_case(bench, case) for case in CASES]


def measure_case(bench, case):
    serving, loading = machine.halves()
    with machine.on_cores(serving), bench.ours.running(users(USERS)) as (server, database), machine.on_cores(loading):
        generator = bench.generator(server, database)
        best = max(generator.run(case, users=2 * LOOPS[-1], in_flight=slots, seconds=1 if bench.small else 4,
                                 watchers=10)["rate"] for slots in LOOPS)
        before = machine.pss_kib(server.process.pid) / 1024
        phases = ",".join(f"{part * best:.0f}:{seconds}"
                          for part, seconds in ((0.5, CALM), (3, FLOOD), (0.5, AFTER)))
        load = generator.run(case, users=USERS, in_flight=USERS, phases=phases, watchers=10,
                             presentities=PRESENTITIES)
    return {"row": case, "title": TITLES[case], "best": best, "pss_before_mib": before, **judged(load, best),
            **{name: load[name] for name in ("refused", "unstarted", "lost", "wrong", "timeline")}}


def judged(load, best):
    calm, flood, after = parts(load["timeline"])
    normal = max(NORMAL_MS, 2 * statistics.median(second["p99_ms"] for second in calm))
    calm_again = [place for place, second in enumerate(after) if second["p99_ms"] <= normal]
    return {"goodput": statistics.mean(second["done"] for second in flood) / best,
            "refused_a_second": statistics.mean(second["refused"] for second in flood),
            "begun_a_second": statistics.mean(second["begun"] for second in flood),
            "normal_ms": normal, "seconds_to_normal": calm_again[0] if calm_again else None,
            "pss_most_mib": max(second["server_pss_kib"] for second in load["timeline"]) / 1024}


def parts(timeline):
    """The seconds of before (without the first, which warms up), of the overload, and of after."""
    return timeline[1:CALM], timeline[CALM:CALM + FLOOD], timeline[CALM + FLOOD:CALM + FLOOD + AFTER]


def table(rows):
    head = ("operation", "best rate", "begun a second", "done", "refused a second", "lost", "wrong",
            "normal after s", "PSS MiB before", "at most")
    return Table(TITLE, head, [
        (row["title"], f"{row['best']:,.0f}", f"{row['begun_a_second']:,.0f}", f"{row['goodput']:.0%}",
         f"{row['refused_a_second']:,.0f}", str(row["lost"]), str(row["wrong"]),
         "not" if row["seconds_to_normal"] is None else str(row["seconds_to_normal"]),
         f"{row['pss_before_mib']:.0f}", f"{row['pss_most_mib']:.0f}") for row in rows])

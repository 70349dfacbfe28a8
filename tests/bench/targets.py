# SPDX-License-Identifier: Apache-2.0
"""What the program wants to reach, and what a results file says about it."""

import dataclasses

from plan import TITLES
from results import OURS, ceiling, main_place, medians

# How many times the rate of the peer's two profiles.
RATES = {
    "options": (2.5, 2.5),
    "register": (8, 1.5),
    "register-reuse": (8, 1.5),
    "message": (5, 3),
    "message-reuse": (5, 3),
    "refresh": (10, 3),
    "subscribe": (15, 10),
    "register-first": (6, 4),
    "publish-10": (12, 3.5),
    "mix": (8, 3),
}
CPU_PART = 1 / 3          # of the CPU time of `fast`
P99_MS = 5                # at 50 in flight
CEILING_PART = 0.4        # of the relay (MESSAGE) and of the upserts (REGISTER)
LOSS_OF_MANY_USERS = 0.15
DATAGRAMS_A_MESSAGE = 2   # passed on with the nonce reused: the MESSAGE and the answer to it
BYTES = {"registration": 1000, "subscription": 900, "document": 600}
RESTART_SECONDS = 10
SECOND_SHARD = {"rate": 1.6, "cpu": 1.15}
OVERLOAD = {"goodput": 0.8, "seconds": 2}


@dataclasses.dataclass
class Verdict:
    """One line of the table of targets."""
    what: str
    wanted: str
    reached: str
    met: bool


def verdicts(data):
    """All that the file has results for."""
    table = medians(data, main_place(data))
    special = data["special"]
    found = _p99(table) + _ceilings(data, table) + _many_users(data, table) + _watchers(table)
    for name, judge in (("memory", _memory), ("restart", _restart), ("shards", _shards), ("overload", _overload)):
        if name in special:
            found += judge(special[name])
    return found


def _p99(table):
    slow = {TITLES[key]: row[OURS].p99 for key, row in table.items() if key in RATES and OURS in row}
    if not slow:
        return []
    worst = max(slow, key=slow.get)
    return [Verdict("p99 of each operation at 50 in flight", f"under {P99_MS} ms",
                    f"{slow[worst]:.1f} ms at most ({worst})", slow[worst] < P99_MS)]


def _ceilings(data, table):
    found = []
    for key, name, rows, share in (("message-reuse", "relay", None, DATAGRAMS_A_MESSAGE),
                                   ("register", "upsert", 50, 1)):
        most = ceiling(data, name, rows)
        if not most or key not in table or OURS not in table[key]:
            continue
        part = table[key][OURS].rate * share / most
        found.append(Verdict(f"{TITLES[key]}, as a part of the {'bare relay' if name == 'relay' else 'bare upserts'}",
                             f"{CEILING_PART:.0%}", f"{part:.0%}", part >= CEILING_PART))
    return found


def _many_users(data, table):
    many = [key for key, place in data["surroundings"].items() if place["users"] == 100_000]
    if not many:
        return []
    kept = {key: row[OURS].rate / table[key][OURS].rate for key, row in medians(data, many[0]).items()
            if OURS in row and OURS in table.get(key, {})}
    if not kept:
        return []
    worst = min(kept, key=kept.get)
    return [Verdict("rate lost from 10,000 to 100,000 users", f"at most {LOSS_OF_MANY_USERS:.0%}",
                    f"{max(0, 1 - kept[worst]):.0%} at most ({TITLES[worst]})", kept[worst] >= 1 - LOSS_OF_MANY_USERS)]


def _watchers(table):
    costs = {count: table[f"publish-{count}"][OURS].cpu / count for count in (10, 100, 1000)
             if OURS in table.get(f"publish-{count}", {})}
    if len(costs) < 2:
        return []
    text = ", ".join(f"{cost:.0f} µs with {count:,}" for count, cost in costs.items())
    return [Verdict("CPU a watcher of a PUBLISH, 10 to 1,000 watchers", "flat", text,
                    max(costs.values()) <= 1.1 * costs[10])]


def _memory(rows):
    # With fewer, what does not grow would count for too much of each.
    mine = {row["what"]: row["bytes"] for row in rows if row["subject"] == OURS and row["count"] > 90_000}
    return [Verdict(f"memory a {what}", f"under {most:,} bytes", f"{mine[what]:,.0f} bytes", mine[what] < most)
            for what, most in BYTES.items() if what in mine]


def _restart(rows):
    return [Verdict("restart with 1,000,000 registrations and 1,000,000 subscriptions", f"under {RESTART_SECONDS} s",
                    f"{row['seconds']:.1f} s", row["seconds"] < RESTART_SECONDS)
            for row in rows if row["bindings"] >= 1_000_000]


def _shards(rows):
    return [Verdict(f"a second shard: {row['title']}", "1.6 times the rate, or CPU up by less than 15%",
                    f"{row['rate_ratio']:.2f} times, CPU {row['cpu_ratio'] - 1:+.0%}",
                    row["rate_ratio"] >= SECOND_SHARD["rate"] or row["cpu_ratio"] < SECOND_SHARD["cpu"])
            for row in rows]


def _overload(rows):
    found = []
    for row in rows:
        found.append(Verdict(f"overload, {row['title']}: done at 3 times the best rate",
                             f"{OVERLOAD['goodput']:.0%} of it", f"{row['goodput']:.0%}",
                             row["goodput"] >= OVERLOAD["goodput"]))
        back = row["seconds_to_normal"]
        found.append(Verdict(f"overload, {row['title']}: back to normal after", f"{OVERLOAD['seconds']} s",
                             "not in time" if back is None else f"{back} s",
                             back is not None and back <= OVERLOAD["seconds"]))
    return found

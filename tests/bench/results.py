# SPDX-License-Identifier: Apache-2.0
"""The results file. It is written anew after each result, so that a crash costs one result."""

import dataclasses
import datetime
import json
import statistics

import machine

OURS = "rollcall"
DURABLE, FAST = "kamailio-durable", "kamailio-fast"


class Results:
    """`data` is what stands in the file; `path` may be None."""

    def __init__(self, path, data):
        self.path, self.data = path, data

    @classmethod
    def begin(cls, path, size):
        now = datetime.datetime.now(datetime.timezone.utc)
        return cls(path, {"date": now.strftime("%Y-%m-%d %H:%M UTC"), "commit": machine.commit(), "size": size,
                          "machine": machine.describe(), "surroundings": {}, "loads": [], "ceilings": [],
                          "special": {}, "failures": []})

    @classmethod
    def read(cls, path):
        return cls(path, json.loads(path.read_text()))

    def add_surroundings(self, place):
        self.data["surroundings"][place.key] = {"title": place.title, **dataclasses.asdict(place)}

    def add_load(self, row):
        self.data["loads"].append(row)
        self.save()

    def add_ceilings(self, rows):
        self.data["ceilings"] += rows
        self.save()

    def add_special(self, name, value):
        self.data["special"][name] = value
        self.save()

    def add_failure(self, what, why):
        self.data["failures"].append({"what": what, "why": why})
        self.save()

    def save(self):
        if not self.path:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        new = self.path.with_name(self.path.name + ".new")
        new.write_text(json.dumps(self.data, indent=1) + "\n")
        new.replace(self.path)

    def good(self):
        """Nothing failed, and nothing of ours was lost or wrong."""
        return not self.data["failures"] and not any(spoiled(row) for row in self.data["loads"]
                                                     if row["subject"] == OURS)


def spoiled(row):
    """How many operations of a load went wrong in any way; watchers with an old state at the end are among them."""
    return row["lost"] + row["wrong"]


@dataclasses.dataclass
class Median:
    """Of the rounds of one row with one subject. CPU in microseconds an operation, server and database."""
    rate: float
    p50: float
    p95: float
    p99: float
    cpu: float
    server_cpu: float
    database_cpu: float
    pss_kib: float
    spoiled: int


def medians(data, place):
    """{row key: {subject: Median}} of one place, in the order of measuring."""
    groups = {}
    for load in data["loads"]:
        if load["place"] == place:
            groups.setdefault(load["row"], {}).setdefault(load["subject"], []).append(load)
    return {key: {subject: _median(loads) for subject, loads in subjects.items()}
            for key, subjects in groups.items()}


def main_place(data):
    """The key of the surroundings that targets are about: the first."""
    return next(iter(data["surroundings"]), None)


def ceiling(data, name, rows=None):
    """Median rate, or None."""
    rates = [row["rate"] for row in data["ceilings"] if row["ceiling"] == name and row.get("rows_a_batch") == rows]
    return statistics.median(rates) if rates else None


def cpu_of(load):
    """Microseconds of server and database an operation: seconds a thousand operations are milliseconds each."""
    return 1000 * (load["server_cpu_s_per_1000"] + load["database_cpu_s_per_1000"])


def _median(loads):
    middle = {name: statistics.median(load[name] for load in loads)
              for name in ("rate", "p50_ms", "p95_ms", "p99_ms", "server_cpu_s_per_1000", "database_cpu_s_per_1000",
                           "server_pss_kib")}
    return Median(middle["rate"], middle["p50_ms"], middle["p95_ms"], middle["p99_ms"],
                  statistics.median(cpu_of(load) for load in loads), 1000 * middle["server_cpu_s_per_1000"],
                  1000 * middle["database_cpu_s_per_1000"], middle["server_pss_kib"],
                  sum(spoiled(load) for load in loads))

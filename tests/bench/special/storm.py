# SPDX-License-Identifier: Apache-2.0
"""Everybody at once: registers after a restart, and publishes."""

from generator import users
from results import spoiled
from tables import SUBJECTS, Table

TITLE = "Storms"
NOTE = ("500 in flight, every request challenged. All of 100,000 users are registered, the server is killed and "
        "started again, and all register: as clients do when they miss their server. And each of 10,000 users, who "
        "have 10 watchers each, publishes once.")
SECONDS = 600
IN_FLIGHT = 500


def measure(bench):
    many, few = (5_000, 1_000) if bench.small else (100_000, 10_000)
    rows = []
    for subject in bench.subjects:
        for name, storm, count in (("REGISTER after a restart", registers, many), ("PUBLISH", publishes, few)):
            load = storm(bench, subject, count)
            rows.append({"what": name, "subject": subject.name, "users": count, "spoiled": spoiled(load),
                         **{key: load[key] for key in ("operations", "seconds", "rate", "p99_ms")}})
    return rows


def registers(bench, subject, count):
    with subject.running(users(count)) as (server, database):
        generator = bench.generator(server, database)
        generator.run("register-first", users=count, in_flight=IN_FLIGHT, seconds=600)
        server.stop()
        server.start()
        return bench.generator(server, database).run("register-first", users=count, in_flight=IN_FLIGHT, seconds=600)


def publishes(bench, subject, count):
    """The watchers are spread over twice as many users."""
    with subject.running(users(2 * count)) as (server, database):
        return bench.generator(server, database).run("publish", users=2 * count, in_flight=IN_FLIGHT, seconds=600,
                                                     rounds="one", presentities=count, watchers=10)


def table(rows):
    head = ("what", "who", "users", "seconds", "a second", "p99 ms", "lost or wrong")
    return Table(TITLE, head, [(row["what"], SUBJECTS[row["subject"]], f"{row['users']:,}", f"{row['seconds']:.1f}",
                                f"{row['rate']:,.0f}", f"{row['p99_ms']:,.0f}", str(row["spoiled"])) for row in rows],
                 left=2)

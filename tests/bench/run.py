#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Measures the server, and its peers in the same run: each is started in turn on an equal PostgreSQL of its
own and loaded row by row, round after round. Prints tables; the medians of the rounds count.

    run.py --server BINARY --tools FOLDER [--quick | --full | --smoke] [--case NAME]... [--output FILE]

A run in which something of ours was lost or wrong has failed, whatever its rate.
"""

import argparse
import pathlib
import re
import shutil
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE.parent / "support"))

import plan                                             # noqa: E402
import special                                          # noqa: E402
import tables                                           # noqa: E402
from generator import Generator, LoadFailed, REALM, ceilings, users  # noqa: E402
from peers.kamailio import Kamailio                     # noqa: E402
from results import Results, main_place                             # noqa: E402
from subjects import PROFILES, kamailio, rollcall       # noqa: E402


class Bench:
    """What a run works with. Whatever fails is noted, and the next thing is tried."""

    def __init__(self, options, results, folder):
        # A copy, so that a build that is made meanwhile is not measured in the second half.
        self.binary = shutil.copy2(options.server, pathlib.Path(folder) / "rollcall")
        self.tools, self.results = options.tools, results
        self.small = options.quick or options.smoke
        self.subjects = [rollcall(self.binary, REALM)]
        self.subjects += [kamailio(profile, REALM) for profile in options.peer]

    @property
    def ours(self):
        return self.subjects[0]

    def generator(self, server, database):
        return Generator(self.tools, server, database)

    def attempt(self, what, action):
        """Runs action(); False when that failed, which is noted."""
        try:
            action()
            return True
        except Exception as error:  # one result less is better than none
            kind = "" if isinstance(error, LoadFailed) else f"{type(error).__name__}: "
            why = without_paths(kind + str(error))
            print(f"    FAILED {what}: {why}", flush=True)
            self.results.add_failure(what, why)
            return False


def without_paths(text):
    """The first lines of what went wrong, with nothing about this machine's folders."""
    return re.sub(r"/(?:[\w.+-]+/)+", "", "\n".join(text.splitlines()[:3]))[:500]


def measure_stage(bench, place, stage, subject, number):
    """One new server, and the rows of a stage one after the other."""
    most_users = max(place.users_for(row) for row in stage)
    with subject.running(users(most_users)) as (server, database):
        generator = bench.generator(server, database)
        for row in stage:
            def load():
                found = generator.run(row.case, **place.load(row))
                found |= {"place": place.key, "row": row.key, "subject": subject.name, "round": number}
                bench.results.add_load(found)
                tables.print_load(found)
            bench.attempt(f"{row.title}, {place.title}, {subject.name}", load)


def measure_place(bench, place, cases):
    """The subjects take turns, stage by stage and round by round, so that all see the same weather."""
    bench.results.add_surroundings(place)
    subjects = [subject for subject in bench.subjects
                if subject is bench.ours or subject.name.removeprefix("kamailio-") in place.peers]
    for number in range(place.rounds):
        print(f"\n{place.title}: round {number + 1} of {place.rounds}, {place.seconds} s a row")
        tables.print_head()
        for stage in place.stages(cases):
            for subject in subjects:
                bench.attempt(f"{subject.name} with {stage[0].title} and what follows",
                              lambda: measure_stage(bench, place, stage, subject, number))
        if place.key == main_place(bench.results.data):
            seconds = min(2, place.seconds)
            bench.attempt("ceilings", lambda: bench.results.add_ceilings(ceilings(bench.tools, seconds)))


def measure_special(bench, name):
    run = special.RUNS[name]
    print(f"\nrunning {name} ...", flush=True)

    def action():
        bench.results.add_special(name, run.measure(bench))
        print(run.table(bench.results.data["special"][name]).text(), flush=True)
    bench.attempt(name, action)


def read_options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--server", required=True, type=pathlib.Path)
    parser.add_argument("--tools", required=True, type=pathlib.Path, help="folder of sip_load and the ceilings")
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true", help="a first look, under 3 minutes")
    size.add_argument("--full", action="store_true", help="everything, which takes about two hours")
    size.add_argument("--smoke", action="store_true", help="just see that every row runs and nothing is lost")
    parser.add_argument("--peer", action="append", choices=PROFILES + ("none",), help="default: both profiles")
    parser.add_argument("--case", action="append", choices=plan.CASES + tuple(special.RUNS),
                        help="only this one; may be repeated")
    parser.add_argument("--transport", choices=("udp", "tcp"))
    for name, what in (("users", "how many there are"), ("in-flight", "operations at the same time"),
                       ("seconds", "of each load"), ("rounds", "how often everybody has a turn")):
        parser.add_argument(f"--{name}", type=int, help=what)
    parser.add_argument("--output", type=pathlib.Path, help="write the results there, as JSON, after each load")
    parser.add_argument("--add-to", type=pathlib.Path, help="add to the results there, of the same commit")
    options = parser.parse_args()
    options.size = next((size for size in ("quick", "full", "smoke") if getattr(options, size)), "default")
    none = options.smoke or "none" in (options.peer or ())
    options.peer = [] if none else options.peer or list(PROFILES)
    return options


def open_results(options):
    if not options.add_to:
        return Results.begin(options.output, options.size)
    earlier, now = Results.read(options.add_to), Results.begin(None, options.size)
    if earlier.data["commit"] != now.data["commit"]:
        sys.exit(f"--add-to: those results are of {earlier.data['commit']}, this is {now.data['commit']}")
    return earlier


def chosen(options):
    """(surroundings, row cases, special runs) that are to be measured."""
    cases = [name for name in options.case or () if name in plan.CASES]
    runs = [name for name in options.case or () if name in special.RUNS]
    if not options.case and options.full:
        runs = list(special.RUNS)
    places = plan.changed(plan.SIZES[options.size], options) if cases or not options.case else []
    return places, cases, runs


def main():
    options = read_options()
    if options.peer and not Kamailio.installed():
        sys.exit("Kamailio is not installed (apt-get install " + " ".join(Kamailio.PACKAGES) + "); or --peer none")
    with tempfile.TemporaryDirectory(prefix="rollcall-bench-") as folder:
        sys.exit(0 if measure(options, Bench(options, open_results(options), folder)) else 1)


def measure(options, bench):
    """Everything that was asked for; true when nothing failed."""
    places, cases, runs = chosen(options)
    seconds = plan.expected_seconds(places, [subject.name for subject in bench.subjects], cases)
    seconds += sum(special.RUNS[name].SECONDS for name in runs) / (5 if bench.small else 1)
    print(f"This takes about {max(1, round(seconds / 60))} minutes.", flush=True)
    for place in places:
        measure_place(bench, place, cases)
    for name in runs:
        measure_special(bench, name)
    for table in tables.summary(bench.results.data):
        print("\n" + table.text(), flush=True)
    print("\n* below the target; CPU of fast's: the part of the CPU time that `fast` takes, at most 0.33 is wanted")
    return bench.results.good()


if __name__ == "__main__":
    main()

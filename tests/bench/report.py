#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Brings a results file into the documents: the tables of docs/benchmarks.md, and the two charts.

    report.py RESULTS [--docs FOLDER]

Nothing outside of the two marks in docs/benchmarks.md is changed.
"""

import argparse
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE.parent / "support"))

import charts                                # noqa: E402
import special                               # noqa: E402
import targets                               # noqa: E402
import tables                                # noqa: E402
from results import Results, main_place      # noqa: E402

BEGIN = "<!-- Written by dev/bench --report; edits here are lost. -->"
END = "<!-- End of what dev/bench --report writes. -->"


def head(data):
    machine = data["machine"]
    peer = f", Kamailio {machine['kamailio']}" if machine["kamailio"] else ""
    lines = [f"Run of {data['date']}, `{data['size']}`, commit {data['commit'] or 'unknown'}. {machine['cores']} cores "
             f"({machine['cpu']}), {machine['memory_gib']} GiB, Linux {machine['kernel']}, "
             f"PostgreSQL {machine['postgresql']}{peer}.",
             "A star marks what misses its target. *CPU of fast's* is the part of the CPU time of `fast` that Rollcall "
             f"takes; at most {targets.CPU_PART:.2f} is wanted. A plus behind the commit: with changes not "
             "in it."]
    lines += [f"Not measured: {failure['what']} ({' '.join(failure['why'].split())})." for failure in data["failures"]]
    return "\n\n".join(lines)


def sections(data):
    """The generated part, top down: targets, the table that they are about, all others, special runs."""
    summary = tables.summary(data)
    parts = [head(data)]
    parts += [section(table) for table in summary if table.title == tables.TARGETS]
    for table in summary:
        if table.title.startswith(tables.DETAILS):
            parts.append(f"<details><summary>{table.title}</summary>\n\n{table.markdown()}\n\n</details>")
        elif table.title != tables.TARGETS:
            parts.append(section(table))
    for name, run in special.RUNS.items():
        if name in data["special"]:
            parts += [f"### {run.TITLE}", run.NOTE, run.table(data["special"][name]).markdown()]
    return "\n\n".join(parts)


def section(table):
    return f"### {table.title}\n\n{table.markdown()}"


def replaced(document, part):
    """The document with everything between the marks replaced."""
    before, begin, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise SystemExit("docs/benchmarks.md has lost the marks between which its tables stand")
    return f"{before}{BEGIN}\n\n{part}\n\n{END}{after}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("results", type=pathlib.Path)
    parser.add_argument("--docs", type=pathlib.Path, default=HERE.parents[1] / "docs")
    options = parser.parse_args()
    data = Results.read(options.results).data
    document = options.docs / "benchmarks.md"
    document.write_text(replaced(document.read_text(), sections(data)))
    if main_place(data):
        (options.docs / "benchmark-rate.svg").write_text(charts.rate_chart(data))
        (options.docs / "benchmark-cost.svg").write_text(charts.cost_chart(data))


if __name__ == "__main__":
    main()

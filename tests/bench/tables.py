# SPDX-License-Identifier: Apache-2.0
"""The results as tables, for the terminal and for docs/benchmarks.md."""

import dataclasses

import targets
from plan import TITLES
from results import DURABLE, FAST, OURS, ceiling, cpu_of, main_place, medians, spoiled

TARGETS, DETAILS = "Targets", "Latency and cost of each"  # how titles begin
SUBJECTS = {OURS: "Rollcall", DURABLE: "durable", FAST: "fast"}


@dataclasses.dataclass
class Table:
    """Texts in rows and columns; the first `left` columns are aligned to the left."""
    title: str
    head: tuple
    rows: list
    left: int = 1

    def text(self):
        lines = [self.head] + self.rows
        widths = [max(len(line[column]) for line in lines) for column in range(len(self.head))]
        drawn = [self._line(line, widths) for line in lines]
        return "\n".join([self.title, drawn[0], "-" * len(drawn[0])] + drawn[1:])

    def markdown(self):
        marks = ["---" if column < self.left else "---:" for column in range(len(self.head))]
        lines = ["| " + " | ".join(line) + " |" for line in [self.head, marks] + self.rows]
        return "\n".join(lines).replace("*", "\\*")

    def _line(self, cells, widths):
        placed = [cell.ljust(width) if column < self.left else cell.rjust(width)
                  for column, (cell, width) in enumerate(zip(cells, widths))]
        return "  ".join(placed).rstrip()


# A line for each load while it runs.
PROGRESS = (("operation", 32), ("who", 17), ("ops/s", 8), ("p50 ms", 8), ("p95 ms", 8), ("p99 ms", 8),
            ("CPU µs/op", 10), ("of db", 7), ("lost", 5), ("wrong", 6))


def print_head():
    _progress([name for name, _ in PROGRESS])


def print_load(load):
    _progress([TITLES[load["row"]], load["subject"], f"{load['rate']:,.0f}", _ms(load["p50_ms"]), _ms(load["p95_ms"]),
               _ms(load["p99_ms"]), f"{cpu_of(load):,.0f}", f"{1000 * load['database_cpu_s_per_1000']:,.0f}",
               str(load["lost"]), str(load["wrong"])])
    for complaint in load["complaints"] if spoiled(load) else ():
        print(f"    {complaint}", flush=True)


def summary(data):
    """All tables about the loads, in the order in which they are read."""
    tables = []
    for place in data["surroundings"]:
        if medians(data, place):
            tables.append(rates(data, place))
            tables.append(details(data, place))
    if data["ceilings"]:
        tables.append(ceilings(data))
    verdicts = targets.verdicts(data)
    if verdicts:
        tables.append(Table(TARGETS, ("target", "wanted", "reached", "met"),
                            [(one.what, one.wanted, one.reached, "yes" if one.met else "NO") for one in verdicts],
                            left=4))
    return tables


def rates(data, place):
    """Ours beside each profile, with the ratio that is wanted."""
    table = medians(data, place)
    peers = [subject for subject in (DURABLE, FAST) if any(subject in row for row in table.values())]
    head = ["operation", "Rollcall ops/s", "CPU µs/op"]
    for subject in peers:
        head += [f"{SUBJECTS[subject]} ops/s", "times", "wanted"]
    head += ["CPU of fast's"] * (FAST in peers)
    rows = []
    for key, subjects in table.items():
        mine = subjects.get(OURS)
        cells = [TITLES[key], _rate(mine), f"{mine.cpu:,.0f}" if mine else ""]
        for subject in peers:
            wanted = targets.RATES.get(key, (None, None))[subject == FAST]
            cells += [_rate(subjects.get(subject)), _ratio(mine, subjects.get(subject), wanted),
                      f"{wanted:g}×" if wanted else ""]
        rows.append(cells + [_cpu_part(mine, subjects.get(FAST))] * (FAST in peers))
    return Table(f"Rate and cost: {data['surroundings'][place]['title']}", head, rows)


def details(data, place):
    """Latency and costs of everybody."""
    head = ("operation", "who", "ops/s", "p50 ms", "p95 ms", "p99 ms", "server µs/op", "database µs/op", "PSS MiB",
            "lost or wrong")
    rows = [(TITLES[key], SUBJECTS[subject], _rate(one), _ms(one.p50), _ms(one.p95), _ms(one.p99),
             f"{one.server_cpu:,.0f}", f"{one.database_cpu:,.0f}", f"{one.pss_kib / 1024:,.0f}", str(one.spoiled))
            for key, subjects in medians(data, place).items() for subject, one in subjects.items()]
    return Table(f"{DETAILS}: {data['surroundings'][place]['title']}", head, rows, left=2)


def ceilings(data):
    table = medians(data, main_place(data))
    reached = {key: table[key][OURS].rate for key in ("message-reuse", "register") if OURS in table.get(key, {})}
    rows = []
    relay = ceiling(data, "relay")
    if relay:
        message = reached.get("message-reuse")
        rows.append(("bare relay, datagrams of 500 bytes passed on", f"{relay:,.0f}",
                     f"MESSAGE, nonce reused: {message * targets.DATAGRAMS_A_MESSAGE / relay:.0%}" if message else ""))
    for count in (1, 50, 500):
        most = ceiling(data, "upsert", count)
        if most:
            part = f"REGISTER: {reached['register'] / most:.0%}" if "register" in reached and count == 50 else ""
            rows.append((f"bare upserts, {count} a commit, one connection", f"{most:,.0f}", part))
    return Table("Ceilings of this machine", ("what", "a second", "reached"), rows)


def _rate(one):
    return f"{one.rate:,.0f}" if one else ""


def _ratio(mine, theirs, wanted):
    if not mine or not theirs or not theirs.rate:
        return ""
    ratio = mine.rate / theirs.rate
    # A star is for a ratio below what is wanted.
    return f"{ratio:.2f}×" + ("*" if wanted and ratio < wanted else "")


def _cpu_part(mine, theirs):
    if not mine or not theirs or not theirs.cpu:
        return ""
    part = mine.cpu / theirs.cpu
    return f"{part:.2f}" + ("*" if part > targets.CPU_PART else "")


def _ms(value):
    return f"{value:.2f}" if value < 100 else f"{value:,.0f}"


def _progress(cells):
    print("  ".join(cell.ljust(width) if place < 2 else cell.rjust(width)
                    for place, (cell, (_, width)) in enumerate(zip(cells, PROGRESS))), flush=True)

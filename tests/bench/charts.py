# SPDX-License-Identifier: Apache-2.0
"""The two charts of the README, drawn from a results file: rate against both profiles, and cost."""

import targets
from plan import TITLES
from results import DURABLE, FAST, OURS, main_place, medians
from svg import Drawing, LogAxis

WIDTH, LEFT, RIGHT = 880, 300, 770  # of the drawing; of the ground between first and last tick
TOP = 104
NAMES = {DURABLE: "durable", FAST: "fast"}


def rate_chart(data):
    """A pair of bars for each operation: how many times the peer's rate, with a mark for what is wanted."""
    table = _rows(data)
    ratios = {key: {subject: row[OURS].rate / row[subject].rate for subject in NAMES if subject in row}
              for key, row in table.items()}
    reached = [ratio for row in ratios.values() for ratio in row.values()]
    wanted = [ratio for key in table for ratio in targets.RATES[key]]
    axis = LogAxis(min(1, *reached), max(reached + wanted), 2, LEFT, RIGHT)
    bottom = TOP + 46 * len(table)
    drawing = Drawing(WIDTH, bottom + 62, "Rollcall's rate as a multiple of Kamailio's, for each operation")
    drawing.text(24, 34, "Operations a second: Rollcall (every 2xx on disk) against Kamailio", "title")
    _legend(drawing, (("durable", "Kamailio, written through"), ("fast", "Kamailio, cached, up to a minute unsaved")))
    drawing.line(578, 52, 578, 68, "mark")
    drawing.text(588, 65, "target")
    _grid(drawing, axis, bottom, lambda value: f"{value:g}×" if value >= 1 else f"1/{1 / value:g}×")
    drawing.line(axis.x(1), TOP - 12, axis.x(1), bottom, "axis")
    for place, (key, row) in enumerate(table.items()):
        y = TOP + 46 * place
        drawing.text(24, y + 13, TITLES[key], "strong")
        drawing.text(24, y + 30, f"{row[OURS].rate:,.0f} a second", "quiet")
        for line, (subject, wish) in enumerate(zip(NAMES, targets.RATES[key])):
            if subject in ratios[key]:
                _rate_bar(drawing, axis, y + 17 * line, ratios[key][subject], wish, NAMES[subject])
    drawing.text((LEFT + RIGHT) / 2, bottom + 44,
                 "times Kamailio's operations a second (each step of the grid is a doubling)", "quiet", "middle")
    return drawing.svg()


def cost_chart(data):
    """Three dots for each operation on one scale of microseconds."""
    table = _rows(data)
    costs = [one.cpu for row in table.values() for one in row.values() if one.cpu > 0]
    axis = LogAxis(min(costs), max(costs), 10, LEFT, RIGHT)
    bottom = TOP + 36 * len(table)
    drawing = Drawing(WIDTH, bottom + 62, "CPU time of one operation, Rollcall and Kamailio")
    drawing.text(24, 34, "CPU time of one operation, server and database together", "title")
    _legend(drawing, (("ours", "Rollcall, every 2xx on disk"), ("fast", "Kamailio, cached"),
                      ("durable", "Kamailio, written through")))
    _grid(drawing, axis, bottom, lambda value: f"{value:,g} µs")
    for place, (key, row) in enumerate(table.items()):
        y = TOP + 36 * place + 10
        drawing.text(24, y + 5, TITLES[key], "strong")
        places = [axis.x(one.cpu) for one in row.values() if one.cpu > 0]
        drawing.line(min(places), y, max(places), y, "span")
        for subject, style in ((DURABLE, "durable"), (FAST, "fast"), (OURS, "ours")):
            if subject in row and row[subject].cpu > 0:
                drawing.dot(axis.x(row[subject].cpu), y, style)
        drawing.text(LEFT - 12, y + 5, f"{row[OURS].cpu:,.0f} µs", "quiet", "end")
        if FAST in row and row[FAST].cpu > 0:
            drawing.text(WIDTH - 24, y + 5, f"{row[OURS].cpu / row[FAST].cpu:.2f} of fast", "quiet", "end")
    drawing.text((LEFT + RIGHT) / 2, bottom + 44,
                 "microseconds of CPU an operation (each step of the grid is ten times as much)", "quiet", "middle")
    return drawing.svg()


def _rows(data):
    """The rows that have a target, where ours was measured."""
    table = medians(data, main_place(data))
    return {key: table[key] for key in targets.RATES if OURS in table.get(key, {})}


def _legend(drawing, entries):
    x = 24
    for style, text in entries:
        drawing.bar(x, x + 14, 53, 14, style)
        drawing.text(x + 21, 65, text)
        x += 42 + 6.9 * len(text)


def _grid(drawing, axis, bottom, label):
    for value in axis.ticks():
        drawing.line(axis.x(value), TOP - 12, axis.x(value), bottom, "grid")
        drawing.text(axis.x(value), bottom + 20, label(value), "quiet", "middle")


def _rate_bar(drawing, axis, y, ratio, wanted, style):
    drawing.bar(axis.x(1), axis.x(ratio), y, 14, style)
    drawing.line(axis.x(wanted), y - 1, axis.x(wanted), y + 15, "mark")
    drawing.text(WIDTH - 24, y + 12, f"{ratio:.1f}×", "strong", "end")

# SPDX-License-Identifier: Apache-2.0
"""The benchmark's results as text: a line for each load, and medians with ratios at the end."""

import statistics

COLUMNS = ("who", "case", "nonce", "ops/s", "p50 ms", "p95 ms", "p99 ms", "server CPU", "db CPU", "lost", "wrong")
WIDTHS = (17, 9, 6, 8, 8, 8, 8, 10, 8, 5, 5)
OURS = "rollcall"


def print_head(size):
    print(f"{size['users']} users, {size['in_flight']} in flight, {size['seconds']} s a case, {size['rounds']} "
          "rounds; CPU in seconds per 1,000 operations")
    _print(COLUMNS, WIDTHS)


def print_result(result):
    _print((result["subject"], result["case"], "reused" if result["reuse_nonce"] else "each",
            f"{result['rate']:.0f}", f"{result['p50_ms']:.2f}", f"{result['p95_ms']:.2f}",
            f"{result['p99_ms']:.2f}", f"{result['server_cpu_s_per_1000']:.3f}",
            f"{result['database_cpu_s_per_1000']:.3f}", result["lost"], result["wrong"]), WIDTHS)
    for complaint in result["complaints"]:
        print(f"    {complaint}")


def medians(results):
    """{(case, reused): {subject: {"rate", "cpu", "p99"}}} over the rounds."""
    groups = {}
    for result in results:
        group = groups.setdefault((result["case"], result["reuse_nonce"]), {})
        group.setdefault(result["subject"], []).append(result)
    return {case: {subject: {"rate": _median(rows, "rate"), "p99": _median(rows, "p99_ms"),
                             "cpu": statistics.median(row["server_cpu_s_per_1000"] + row["database_cpu_s_per_1000"]
                                                      for row in rows)}
                   for subject, rows in subjects.items()}
            for case, subjects in groups.items()}


def print_summary(results, ceilings):
    relay, *upserts = ceilings
    print(f"ceiling: a bare relay passes {relay['rate']:.0f} datagrams/s on")
    for upsert in upserts:
        print(f"ceiling: upserts of {upsert['rows_a_batch']} rows a commit write {upsert['rate']:.0f} rows/s")
    ours = [result for result in results if result["subject"] == OURS]
    print(f"server memory (PSS): {ours[-1]['server_pss_kib'] / 1024:.0f} MiB")
    peers = sorted({result["subject"] for result in results} - {OURS})
    if peers:
        _print_ratios(medians(results), peers)


def _print_ratios(table, peers):
    """How many times the peer's rate, and which part of its CPU time, by medians."""
    print()
    widths = (9, 6, 9) + (26,) * len(peers)
    _print(("case", "nonce", "ops/s") + tuple(f"against {peer}" for peer in peers), widths)
    for (case, reused), subjects in table.items():
        mine = subjects[OURS]
        ratios = [f"{mine['rate'] / subjects[peer]['rate']:.2f}x, CPU {mine['cpu'] / subjects[peer]['cpu']:.2f}x"
                  for peer in peers]
        _print((case, "reused" if reused else "each", f"{mine['rate']:.0f}", *ratios), widths)


def _median(rows, name):
    return statistics.median(row[name] for row in rows)


def _print(cells, widths):
    texts = [str(cell) for cell in cells]
    print("  ".join(text.ljust(width) if place < 3 else text.rjust(width)
                    for place, (text, width) in enumerate(zip(texts, widths))), flush=True)

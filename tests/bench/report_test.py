#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Plans, medians, verdicts and documents of the benchmark, without measuring anything."""

import pathlib
import sys
import tempfile
import unittest
import xml.etree.ElementTree

HERE = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE.parent / "support"))

import charts                                                     # noqa: E402
import plan                                                       # noqa: E402
import report                                                     # noqa: E402
import run                                                        # noqa: E402
import special                                                    # noqa: E402
import tables                                                     # noqa: E402
import targets                                                    # noqa: E402
from results import DURABLE, FAST, OURS, Results, medians  # noqa: E402
from special import overload, soak                                # noqa: E402

PLACE = plan.SIZES["quick"][0]


def load(row, subject, rate, cpu=0.05, **changes):
    return {"place": PLACE.key, "row": row, "subject": subject, "rate": rate, "p50_ms": 1.0, "p95_ms": 2.0,
            "p99_ms": 3.0, "server_cpu_s_per_1000": cpu, "database_cpu_s_per_1000": 0.0, "server_pss_kib": 1024,
            "lost": 0, "wrong": 0, "complaints": [], **changes}


def filled(path=None):
    """Results in which REGISTER is 8 times as fast as durable and as fast as fast."""
    results = Results.begin(path, "quick")
    results.add_surroundings(PLACE)
    for rate in (7_000, 8_000, 100):
        results.add_load(load("register", OURS, rate))
    results.add_load(load("register", DURABLE, 1_000 * 7 / 8, cpu=0.5))
    results.add_load(load("register", FAST, 7_000, cpu=0.1, wrong=2))
    return results


class PlanTest(unittest.TestCase):
    def test_every_size_measures_each_row_that_has_a_target(self):
        for size, places in plan.SIZES.items():
            self.assertLessEqual(set(targets.RATES), {row.key for row in places[0].rows()}, size)

    def test_rows_that_leave_watchers_behind_get_a_server_of_their_own(self):
        for stage in plan.MAIN.stages():
            self.assertTrue(len(stage) == 1 or not any(row.fresh for row in stage))

    def test_loads_fit_what_the_generator_takes(self):
        for place in (place for places in plan.SIZES.values() for place in places):
            for row in place.rows():
                options = place.load(row)
                self.assertGreaterEqual(options["users"], 2 * options["in_flight"])
                self.assertGreaterEqual(options.get("presentities", 10**6), options["in_flight"])

    def test_the_command_line_changes_a_place_and_equal_places_are_measured_once(self):
        options = type("Options", (), {"users": 400, "in_flight": 200, "transport": None, "seconds": 1, "rounds": None})
        places = plan.changed(plan.SIZES["full"], options)
        self.assertEqual([place.key for place in places], ["400-200-udp", "400-200-tcp"])
        self.assertEqual(places[0].users_for(plan.ROWS[0]), 400)


class ResultsTest(unittest.TestCase):
    def test_the_file_is_whole_after_each_result(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "deep" / "results.json"
            written = filled(path)
            self.assertEqual(Results.read(path).data["loads"], written.data["loads"])

    def test_the_median_of_the_rounds_counts(self):
        self.assertEqual(medians(filled().data, PLACE.key)["register"][OURS].rate, 7_000)

    def test_what_the_peer_loses_does_not_fail_the_run_and_what_we_lose_does(self):
        results = filled()
        self.assertTrue(results.good())
        results.add_load(load("mix", OURS, 10, lost=1))
        self.assertFalse(results.good())

    def test_a_failure_is_noted_without_folders_of_this_machine(self):
        self.assertEqual(run.without_paths("no /home/me/build/sip_load here"), "no sip_load here")


class TablesTest(unittest.TestCase):
    def test_a_ratio_below_its_target_has_a_star(self):
        row = tables.rates(filled().data, PLACE.key).rows[0]
        self.assertEqual(row[4:6], ["8.00×", "8×"])
        self.assertEqual(row[7:10], ["1.00×*", "1.5×", "0.50*"])

    def test_text_is_aligned_and_markdown_is_escaped(self):
        table = tables.Table("title", ("a", "b"), [("one", "1*"), ("three", "10")])
        self.assertEqual(table.text().splitlines()[3:], ["one    1*", "three  10"])
        self.assertIn("| one | 1\\* |", table.markdown())

    def test_a_slow_p99_is_a_target_that_is_not_met(self):
        results = filled()
        results.add_load(load("message", OURS, 10, p99_ms=7.0))
        found = {verdict.what: verdict for verdict in targets.verdicts(results.data)}
        self.assertFalse(found["p99 of each operation at 50 in flight"].met)


class SpecialTest(unittest.TestCase):
    def test_every_run_can_be_started_and_explained(self):
        for name, module in special.RUNS.items():
            self.assertTrue(module.TITLE and module.NOTE and module.SECONDS > 0 and module.measure, name)

    def test_overload_is_judged_by_what_is_done_and_by_the_first_calm_second(self):
        calm = {"done": 500, "begun": 500, "refused": 0, "p50_ms": 1, "p99_ms": 2, "server_pss_kib": 1024}
        flood = {**calm, "done": 900, "begun": 3000, "refused": 2100, "p99_ms": 90, "server_pss_kib": 2048}
        timeline = [calm] * 3 + [flood] * 10 + [{**calm, "p99_ms": 80}] + [calm] * 5
        found = overload.judged({"timeline": timeline}, best=1000)
        self.assertEqual((found["goodput"], found["seconds_to_normal"], found["pss_most_mib"]), (0.9, 1, 2))

    def test_soak_compares_quarters(self):
        self.assertEqual(soak.quarters([1, 1, 2, 2, 3, 3, 4, 4]), [1, 2, 3, 4])


class ReportTest(unittest.TestCase):
    def test_only_what_stands_between_the_marks_is_replaced(self):
        before = f"above\n{report.BEGIN}\nold\n{report.END}\nbelow\n"
        after = report.replaced(before, report.sections(filled().data))
        self.assertTrue(after.startswith("above\n") and after.endswith("\nbelow\n"))
        self.assertNotIn("old", after)
        self.assertIn("| REGISTER | 7,000 |", after)

    def test_charts_are_drawings_with_a_bar_and_a_dot_for_each_subject(self):
        data = filled().data
        for draw, tag, wanted in ((charts.rate_chart, "rect", 2), (charts.cost_chart, "circle", 3)):
            root = xml.etree.ElementTree.fromstring(draw(data))
            drawn = [element for element in root.iter("{http://www.w3.org/2000/svg}" + tag)
                     if float(element.get("y") or element.get("cy")) >= charts.TOP]
            self.assertEqual(len(drawn), wanted)


if __name__ == "__main__":
    unittest.main()

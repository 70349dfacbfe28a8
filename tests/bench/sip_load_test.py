#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The load generator must see what is wrong: here it loads a server that errs on purpose.

    sip_load_test.py SIP_LOAD [unittest options]
"""

import json
import pathlib
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))

from fake_server import FakeServer  # noqa: E402

SMALL = {"users": 40, "in-flight": 5, "presentities": 8, "watchers": 3, "sockets": 3, "operations": 200}


class SipLoadTest(unittest.TestCase):
    program = ""

    def load(self, case, server=FakeServer, **options):
        """(what sip_load says, the server it loaded); its exit code must fit."""
        self.server = server()
        self.addCleanup(self.server.close)
        words = {**SMALL, "target": f"127.0.0.1:{self.server.port}", "case": case}
        words.update((name.replace("_", "-"), value) for name, value in options.items())
        command = [self.program] + [str(word) for name, value in words.items() for word in ("--" + name, value)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        result = json.loads(done.stdout)
        self.assertEqual(done.returncode, 1 if result["lost"] + result["wrong"] else 0)
        return result

    def assert_clean(self, result, operations=SMALL["operations"]):
        self.assertEqual((result["operations"], result["lost"], result["wrong"]), (operations, 0, 0),
                         result["complaints"])

    def test_every_case_runs_over_both_transports(self):
        for transport in ("udp", "tcp"):
            for case in ("options", "register", "message", "subscribe", "refresh", "publish", "mix"):
                with self.subTest(transport=transport, case=case):
                    self.assert_clean(self.load(case, transport=transport))

    def test_one_round_takes_each_thing_once(self):
        for case, things in (("options", 40), ("register", 40), ("message", 40), ("subscribe", 40), ("refresh", 40),
                             ("publish", 8)):
            with self.subTest(case=case):
                self.assert_clean(self.load(case, rounds="one", operations=1000), things)

    def test_one_operation_at_a_time_is_a_closed_loop_too(self):
        self.assert_clean(self.load("message", in_flight=1))

    def test_first_registrations_end_when_every_user_has_its_contacts(self):
        self.assert_clean(self.load("register-first", contacts=3, operations=1000), 120)
        self.assertEqual({len(contacts) for contacts in self.server.contacts.values()}, {3})

    def test_the_mix_has_its_shares_and_counts_them(self):
        result = self.load("mix")
        self.assertEqual({name: kind["operations"] for name, kind in result["kinds"].items()},
                         {"message": 120, "register": 30, "publish": 30, "subscribe": 20})

    def test_an_open_loop_begins_operations_at_its_rates(self):
        result = self.load("options", phases="100:1,0:1,50:1", operations=1000)
        self.assertEqual(result["operations"] + result["unstarted"], 150)
        self.assertEqual(result["lost"] + result["wrong"], 0)
        self.assertEqual(sum(stretch["begun"] for stretch in result["timeline"]), result["operations"])
        self.assertLessEqual(result["timeline"][1]["begun"], 5)

    def test_a_refusal_with_a_time_to_come_again_is_no_fault(self):
        class Busy(FakeServer):
            def on_options(self, request, send):
                self.answer(request, send, "503 Busy", ("Retry-After", "5"))

        result = self.load("options", Busy, operations=20, seconds=1)
        self.assertEqual((result["refused"], result["operations"], result["wrong"]), (20, 0, 0))

    def test_a_refusal_without_one_is_wrong(self):
        class Broken(FakeServer):
            def on_options(self, request, send):
                self.answer(request, send, "503 Broken")

        self.assertEqual(self.load("options", Broken, operations=20)["wrong"], 20)

    def test_a_message_with_another_text_is_wrong(self):
        class Garbling(FakeServer):
            def on_message(self, request, send):
                request.body = request.body[:-1] + b"!"
                super().on_message(request, send)

        self.assertGreater(self.load("message", Garbling, operations=5)["wrong"], 0)

    def test_a_request_that_is_not_answered_is_sent_again(self):
        class Deaf(FakeServer):
            def on_options(self, request, send):
                if self.requests["OPTIONS"] > 5:
                    super().on_options(request, send)

        result = self.load("options", Deaf, operations=5)
        self.assertEqual(result["retransmissions"], 5)
        self.assert_clean(result, 5)

    def test_a_watcher_whose_last_state_is_an_old_one_is_wrong(self):
        class Late(FakeServer):
            """The state from before a PUBLISH once more, behind the new one and with a higher CSeq."""

            def on_publish(self, request, send):
                before = self.documents.get(request.uri, b"nothing yet")
                super().on_publish(request, send)
                if request.uri.startswith("sip:u7@"):
                    self.notify(self.watchers[request.uri][0], before)

        for case, operations in (("publish", 8), ("mix", 200)):
            with self.subTest(case=case):
                result = self.load(case, Late, operations=operations)
                self.assertEqual(result["stale_watchers"], 1)
                self.assertGreaterEqual(result["wrong"], 1)

    def test_silent_watchers_answer_nothing_and_nobody_waits_for_them(self):
        self.assert_clean(self.load("publish", silent_watchers=1, rounds="one"), 8)
        answers = sorted(self.server.notify_answers.values())
        # Each has answered the NOTIFY of its SUBSCRIBE; those that are not silent that of the PUBLISH as well.
        self.assertEqual(answers, [1] * 8 + [2] * 16)

    def test_a_timeline_shows_each_stretch(self):
        result = self.load("options", seconds=2, sample_seconds=1, operations=10_000_000)
        self.assertGreaterEqual(len(result["timeline"]), 2)
        self.assertGreater(min(stretch["rate"] for stretch in result["timeline"][:2]), 0)


if __name__ == "__main__":
    SipLoadTest.program = sys.argv.pop(1)
    unittest.main()

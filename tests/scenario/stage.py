# SPDX-License-Identifier: Apache-2.0
"""Plays one scenario: its peers, the names with a value, and what each step does."""

import re
import shlex
import time

import blocks
import pattern
from actor import Actor, Failed
from harness.dialog import Dialog
from harness.message import Message
from harness.peer import SipPeer
from harness.transaction import cancel_for
from harness.waiting import Deadline
from harness.xcap import XcapClient
from schemas import Judge

PASSWORD = "secret of the tests"
PATIENCE = 5.0
SILENCE = 0.4


class Stage:
    """One scenario on one server. `domain` is its own, so that scenarios cannot meet."""

    def __init__(self, server, domain, elsewhere):
        self.server = server
        self.values = {"domain": domain, "elsewhere": elsewhere, "port": server.port, "password": PASSWORD}
        self.actors, self.dialogs = {}, {}
        self.rest_answer, self.xcap_answers = None, {}
        self.judge = Judge()

    def play(self, script):
        try:
            for step in script.steps:
                self._play_step(step)
            self._nobody_has_unread_requests()
            self._all_documents_are_valid()
        except (Failed, AssertionError, KeyError, ValueError, OSError) as error:
            where = f"{script.path.name}:{step.number}: {step.text}"
            raise Failed(f"{where}\n      {type(error).__name__}: {error}") from error
        finally:
            for actor in self.actors.values():
                actor.peer.close()

    def _all_documents_are_valid(self):
        faults = self.judge.faults()
        if faults:
            raise Failed(faults)

    def _play_step(self, step):
        for expression, play in STEPS:
            found = re.fullmatch(expression, step.text)
            if found:
                return play(self, step.block, **found.groupdict())
        raise Failed("no such step")

    # Who plays

    def peer(self, _, name, user=None, domain=None, transport=None, rest=""):
        options = dict(zip(*[iter(shlex.split(rest or ""))] * 2))
        domain = pattern.fill(self.values.get(domain, domain or "$domain"), self.values)
        peer = SipPeer(self.server.address, user or name, domain, options.get("password", PASSWORD),
                       transport or "udp", options.get("instance"), options.get("digest", "SHA-256"))
        self.actors[name] = Actor(name, peer)
        self.values[name] = peer.aor
        self.values[f"{name}.contact"] = peer.contact_uri
        self.values[f"{name}.tag"] = peer.tag

    # Sending

    def send(self, block, name, method, target=None, dialog=None, new_dialog=None, credentials=None):
        actor = self.actors[name]
        kept = self.dialogs[dialog] if dialog else None
        request = actor.peer.new_request(method, self._uri(target), dialog=kept)
        blocks.build(block, request, self.values)
        if kept:
            kept.local_cseq = max(kept.local_cseq, request.cseq)
        if new_dialog:
            kept = self.dialogs[new_dialog] = Dialog.of_sent(request)
        if credentials == "without credentials" or method == "ACK":
            actor.keep(actor.peer.send(request), kept)
        elif credentials == "with the same nonce":
            actor.keep(actor.peer.send_with_same_nonce(request), kept)
        else:
            actor.keep(actor.peer.send_with_credentials(request, kept), kept)

    def send_same(self, block, name):
        """The request of before, byte by byte, in a transaction of its own."""
        actor = self.actors[name]
        transaction, dialog = actor.sent()
        blocks.build(block, transaction.request, self.values)
        actor.keep(actor.peer.send(transaction.request), dialog)

    def cancel(self, _, name):
        actor = self.actors[name]
        actor.keep(actor.peer.send(cancel_for(actor.sent("INVITE")[0].request)))

    def send_raw(self, block, name):
        actor = self.actors[name]
        lines = [pattern.fill(line, self.values) if line != "." else "" for line in block]
        data = "\r\n".join(lines).encode().decode("unicode_escape").encode("latin-1")
        request = _readable(data)
        if request:
            actor.keep(actor.peer.send(request, data))
        else:
            actor.peer.endpoint.send(data)

    def answer(self, block, name, status, method=None):
        actor = self.actors[name]
        request = actor.received(method)
        headers = _Headers()
        blocks.build(block, headers, self.values)
        actor.peer.reply(request, int(status), headers.pairs, headers.body, actor.tag)

    # Receiving

    def expect_response(self, block, name, status, method=None, seconds=None):
        actor = self.actors[name]
        wanted = re.compile(status.replace("x", r"\d"))
        response = actor.next_response(method, float(seconds or PATIENCE))
        self.values.update(actor.last_credentials())
        if not wanted.fullmatch(str(response.status)):
            raise Failed(f"got\n{response}")
        self._compare(block, response)

    def expect_request(self, block, name, method, dialog=None, new_dialog=None, seconds=None):
        actor = self.actors[name]
        kept = self.dialogs[dialog] if dialog else None
        request = actor.peer.receive(lambda one: one.method == method and (not kept or kept.owns(one)),
                                     float(seconds or PATIENCE), method)
        actor.take(request, kept)
        self.judge.look_at(request)
        if new_dialog:
            self.dialogs[new_dialog] = Dialog.of_received(request, actor.tag)
        self._compare(block, request)

    def expect_notification(self, block, name, dialog, seconds=None):
        """Answers each NOTIFY of the dialog, until one is as written."""
        actor, kept = self.actors[name], self.dialogs[dialog]
        deadline, wrong = Deadline(float(seconds or PATIENCE)), "no NOTIFY came"
        while True:
            try:
                request = actor.peer.receive(lambda one: one.method == "NOTIFY" and kept.owns(one),
                                             deadline.left, f"NOTIFY in {dialog}")
            except AssertionError as error:
                raise Failed(f"{error}; the last one: {wrong}") from error
            actor.take(request, kept)
            self.judge.look_at(request)
            actor.peer.reply(request, 200)
            wrong, taken = blocks.differences(block, request, self.values)
            if not wrong:
                return self.values.update(taken)

    def hears_nothing(self, _, name, method=None):
        actor = self.actors[name]
        try:
            request = actor.peer.receive(lambda one: method in (None, one.method), SILENCE)
        except AssertionError:
            return
        raise Failed(f"received\n{request}")

    # Several steps in one

    def registers(self, block, name):
        self.send(["Expires: 600", *block], name, "REGISTER", "domain")
        self.expect_response([], name, "200")

    def unregisters(self, _, name):
        self.send(["Expires: 0"], name, "REGISTER", "domain")
        self.expect_response([], name, "200")

    def publishes(self, _, name, state, note=""):
        self.send(["Event: presence", "Expires: 600", f"body pidf {state} {note}"], name, "PUBLISH", name)
        self.values.pop(f"{name}.etag", None)
        self.expect_response([f"SIP-ETag: ${name}.etag"], name, "200")

    def watches(self, _, name, target, dialog):
        self.send(["Event: presence", "Expires: 600"], name, "SUBSCRIBE", target, new_dialog=dialog)
        self.expect_response([], name, "200")
        self.expect_notification(["Subscription-State: active*"], name, dialog)

    # Everything else

    def compare(self, _, left, operator, right):
        left, right = (pattern.fill(word, self.values) for word in (left, right))
        holds = {"==": left == right, "!=": left != right,
                 "<": operator == "<" and int(left) < int(right)}[operator]
        if not holds:
            raise Failed(f"{left} {operator} {right} does not hold")

    def rest(self, block, method, path):
        document = {}
        for line in block:
            name, _, value = line.partition(":")
            text = pattern.fill(value.strip(), self.values)
            document[name] = int(text) if text.isdigit() else {"true": True, "false": False}.get(text, text)
        self.rest_answer = self.server.rest.call(method, pattern.fill(path, self.values), document or None)

    def expect_rest(self, block, status):
        if not re.fullmatch(status.replace("x", r"\d"), str(self.rest_answer[0])):
            raise Failed(f"REST answered {self.rest_answer}")
        for line in block:
            taken = pattern.search(line.removeprefix("has "), str(self.rest_answer[1]), self.values)
            if taken is None:
                raise Failed(f"{line!r} is not in {self.rest_answer[1]}")
            self.values.update(taken)

    def xcap(self, block, name, method, path, credentials=None):
        """A request to the XCAP root, by the user of that name, or by an administrator."""
        rest, kind = self.server.rest, (credentials or "").removeprefix("with ")
        token = rest.token if name == "admin" else None
        password = "wrong" if kind == "a wrong password" else PASSWORD
        client = XcapClient(rest.host, rest.port, name, password, kind if kind == "MD5" else "SHA-256", token)
        request = _Headers()
        blocks.build(block, request, self.values)
        target = "/xcap/" + pattern.fill(path, self.values)
        try:
            ask = client.send if credentials == "without credentials" else client.request
            self.xcap_answers[name] = ask(method, target, request.pairs, request.body or None)
        finally:
            client.close()

    def expect_xcap(self, block, name, status):
        answer = self.xcap_answers[name]
        if not re.fullmatch(status.replace("x", r"\d"), str(answer.status)):
            raise Failed(f"got\n{answer}")
        self._compare(block, answer)

    def restart(self, _, how):
        self.server.kill() if how == "killed" else self.server.stop()
        self.server.start()

    def time_passes(self, _, seconds):
        """Only for what ends by itself and tells nobody."""
        time.sleep(min(15, float(seconds)))

    # Parts

    def _uri(self, target):
        if target in (None, "domain"):
            return f"sip:{self.values['domain']}"
        return self.actors[target].peer.aor if target in self.actors else pattern.fill(target, self.values)

    def _compare(self, block, message):
        wrong, taken = blocks.differences(block, message, self.values)
        if wrong:
            raise Failed("; ".join(wrong) + f"\n{message}")
        self.values.update(taken)

    def _nobody_has_unread_requests(self):
        for actor in self.actors.values():
            if actor.unread():
                raise Failed(f"{actor.name} got what the scenario does not mention: {actor.unread()}")


class _Headers:
    """Collects what a block wants to put into an answer."""

    def __init__(self):
        self.pairs, self.body = [], b""

    def get(self, name):
        return dict(self.pairs).get(name)

    def set(self, name, value):
        self.pairs.append((name, value))

    add = set


NAME = r"(?P<name>\w+)"
WITHIN = r"(?: within (?P<seconds>[\d.]+) s)?"
TARGET = r"(?: (?P<target>(?!in |as |with)\S+))?"
CREDENTIALS = r"(?: (?P<credentials>without credentials|with the same nonce))?"
IN = r"(?: in (?P<dialog>\w+))?"
AS = r"(?: as (?P<new_dialog>\w+))?"
METHOD = r"(?P<method>[A-Z][A-Z.!%*_+`'~-]*)"

STEPS = [
    (rf"peer {NAME}(?: of (?P<user>[\w.%+-]+)(?:@(?P<domain>[\w.$-]+))?)?(?: over (?P<transport>udp|tcp))?"
     r"(?: with (?P<rest>.+))?", Stage.peer),
    (r"admin > (?P<method>GET|POST|PUT|PATCH|DELETE) (?P<path>\S+)", Stage.rest),
    (r"admin < (?P<status>\d[\dx]{2})", Stage.expect_rest),
    (rf"{NAME} xcap > (?P<method>[A-Z]+) (?P<path>\S+)"
     r"(?: (?P<credentials>without credentials|with a wrong password|with MD5))?", Stage.xcap),
    (rf"{NAME} xcap < (?P<status>\d[\dx]{{2}})", Stage.expect_xcap),
    (rf"{NAME} > CANCEL", Stage.cancel),
    (rf"{NAME} > raw", Stage.send_raw),
    (rf"{NAME} > the same", Stage.send_same),
    (rf"{NAME} > {METHOD}{TARGET}{IN}{AS}{CREDENTIALS}", Stage.send),
    (rf"{NAME} > (?P<status>\d\d\d)(?: to {METHOD})?", Stage.answer),
    (rf"{NAME} < (?P<status>\d[\dx]{{2}}(?:\|\d[\dx]{{2}})*)(?: to {METHOD})?{WITHIN}", Stage.expect_response),
    (rf"{NAME} < {METHOD}{IN}{AS}{WITHIN}", Stage.expect_request),
    (rf"{NAME} is notified in (?P<dialog>\w+){WITHIN}", Stage.expect_notification),
    (rf"{NAME} hears nothing", Stage.hears_nothing),
    (rf"{NAME} hears no {METHOD}", Stage.hears_nothing),
    (rf"{NAME} registers", Stage.registers),
    (rf"{NAME} unregisters", Stage.unregisters),
    (rf"{NAME} publishes (?P<state>open|closed)(?: (?P<note>.+))?", Stage.publishes),
    (rf"{NAME} watches (?P<target>\w+) as (?P<dialog>\w+)", Stage.watches),
    (r"expect (?P<left>\S+) (?P<operator>==|!=|<) (?P<right>\S+)", Stage.compare),
    (r"(?P<seconds>[\d.]+) s pass", Stage.time_passes),
    (r"server is (?P<how>killed|stopped) and starts again", Stage.restart),
]


def _readable(data):
    """The request in raw bytes, as far as an answer to it can be recognised."""
    try:
        request = Message.parse(data)
    except ValueError:
        return None
    return request if request.branch else None

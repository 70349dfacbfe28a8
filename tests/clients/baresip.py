# SPDX-License-Identifier: Apache-2.0
"""baresip, Debian's package, driven by its terminal."""

from harness.program import Program
from harness.waiting import wait_until

PATIENCE = 20

CONFIGURATION = """\
sip_listen 127.0.0.1:0
module_path /usr/lib/baresip/modules
module stdio.so
module g711.so
module uuid.so
module account.so
module contact.so
module menu.so
module presence.so
"""
ACCOUNT = ('<sip:{user}@{domain};transport={transport}>;auth_user={user};auth_pass="{password}";'
           'outbound="sip:{host}:{port};transport={transport}";regint=600;pubint=600\n')
CONTACT = '"{friend}" <sip:{friend}@{domain}>;presence=p2p\n'


class Baresip:
    """One baresip with one account and one contact whose presence it watches."""

    program = "baresip"

    def __init__(self, home, server, user, friend, domain, password, transport="udp"):
        host, port = server.address
        home.mkdir(parents=True, exist_ok=True)  # the second time it is the same device
        values = {"user": user, "friend": friend, "domain": domain, "password": password, "host": host, "port": port,
                  "transport": transport}
        for name, text in (("config", CONFIGURATION), ("accounts", ACCOUNT), ("contacts", CONTACT)):
            (home / name).write_text(text.format(**values))
        self.home, self.domain, self.friend = home, domain, friend
        self.terminal = None

    def __enter__(self):
        self.terminal = Program(self.program, [self.program, "-f", self.home], self.home)
        self.terminal.wait_for("baresip is ready")
        return self

    def __exit__(self, *error):
        self.terminal.quit("/quit")
        self.terminal.__exit__(*error)

    def send(self, text):
        """To its current contact, which is its only one."""
        self.terminal.type(f"/message {text}")

    def wait_message(self, text):
        self.terminal.wait_for(f'{self.friend}@{self.domain}: "{text}"')

    def wait_friend(self, state):
        """Asks for the list of contacts until the friend is "Online" or "Offline" there."""
        def listed():
            since = self.terminal.position
            self.terminal.type("/contacts")
            line = self.terminal.wait_for(rf"(\w+) {self.friend} <sip:{self.friend}@{self.domain}>", since=since)
            return line.group(1) == state
        wait_until(listed, PATIENCE, f"baresip shows {self.friend} {state}", pause=0.2)

    def say_offline(self):
        self.terminal.type("/presence_offline")

    def say_online(self):
        self.terminal.type("/presence_online")

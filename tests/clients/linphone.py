# SPDX-License-Identifier: Apache-2.0
"""linphonec, Debian's console client of liblinphone, with a home folder of its own."""

import re

from harness.program import Program
from harness.waiting import wait_until

PATIENCE = 20

CONFIGURATION = """\
[sip]
sip_port=-1
sip_tcp_port=0
sip_tls_port=0
default_proxy=0
use_ipv6=0
[misc]
log_collection_upload_server_url=
[auth_info_0]
username={user}
passwd={password}
realm={domain}
domain={domain}
[proxy_0]
reg_proxy=<sip:{host}:{port};transport=udp>
reg_route=<sip:{host}:{port};transport=udp;lr>
reg_identity=sip:{user}@{domain}
reg_expires=600
reg_sendregister=1
publish=1
[friend_0]
url=<sip:{friend}@{domain}>
pol=accept
subscribe=1
"""


class Linphone:
    """One linphonec with one account and one friend."""

    program = "linphonec"

    def __init__(self, home, server, user, friend, domain, password):
        (home / ".local/share/linphone").mkdir(parents=True, exist_ok=True)  # it does not make this folder
        host, port = server.address
        if not (home / "rc").exists():  # the second time it is the same device
            (home / "rc").write_text(CONFIGURATION.format(user=user, friend=friend, domain=domain, password=password,
                                                          host=host, port=port))
        self.home, self.domain, self.friend = home, domain, friend
        self.terminal = None

    def __enter__(self):
        self.terminal = Program(self.program, [self.program, "-c", self.home / "rc"], self.home)
        self.terminal.wait_for("linphonec> ")
        return self

    def __exit__(self, *error):
        self.terminal.quit("quit")
        self.terminal.__exit__(*error)

    def send(self, text):
        self.terminal.type(f"chat sip:{self.friend}@{self.domain} {text}")

    def wait_message(self, text):
        self.terminal.wait_for(f"Message received from [^\n]*{self.friend}@{self.domain}: {text}")

    def wait_friend(self, state):
        """Until the last thing it says about its friend is "Online" or "Offline"."""
        def last_state():
            said = re.findall(rf"Friend [^\n]*{self.friend}@{self.domain}> is (\w+)", self.terminal.output)
            return said and said[-1] == state
        wait_until(last_state, PATIENCE, f"linphonec shows {self.friend} {state}")

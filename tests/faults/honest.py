# SPDX-License-Identifier: Apache-2.0
"""The honest user who comes after each attack, and what the server may use of the machine."""

import pathlib
import time

from mix import DOMAIN, peer_of

NORMAL_SECONDS = 1.0
MOST_GROWTH_KIB = 256 * 1024


class Honest:
    """Registers and asks over UDP and TCP, and sees how long it takes."""

    def __init__(self, server):
        self.server = server
        self.pid = server.process.pid
        self.first_kib = self._resident_kib()

    def check(self, after):
        """AssertionError when the server is gone, slow or has grown without bound."""
        assert self.server.process.poll() is None, f"the server died of: {after}"
        for transport in ("udp", "tcp"):
            began = time.monotonic()
            peer = peer_of(self.server, "honest", transport)
            for response in (peer.request("OPTIONS", f"sip:{DOMAIN}"), peer.register()):
                assert response.status == 200, f"after {after}, over {transport}:\n{response}"
            took = time.monotonic() - began
            peer.register(expires=0)
            peer.close()
            assert took < NORMAL_SECONDS, f"after {after} an honest request over {transport} took {took:.2f} s"
        grown = self._resident_kib() - self.first_kib
        assert grown < MOST_GROWTH_KIB, f"after {after} the server has grown by {grown} KiB"
        return grown

    def _resident_kib(self):
        for line in pathlib.Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
        return 0

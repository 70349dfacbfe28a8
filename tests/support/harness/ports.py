# SPDX-License-Identifier: Apache-2.0
"""Free ports of the loopback interface.

They lie below those that the kernel gives to clients, so that none of these takes one before its server has it.
"""

import random
import socket

LOOPBACK = "127.0.0.1"
SERVER_PORTS = range(12_000, 32_000)


def bind_both():
    """A TCP and a UDP socket that are bound to one port, as a SIP server has them."""
    for _ in range(50):
        tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        address = (LOOPBACK, random.choice(SERVER_PORTS))
        try:
            tcp.bind(address)
            udp.bind(address)
            return tcp, udp
        except OSError:
            tcp.close()
            udp.close()
    raise RuntimeError("no port is free for both UDP and TCP")


def free_port():
    """A port that is free for UDP and for TCP."""
    tcp, udp = bind_both()
    with tcp, udp:
        return tcp.getsockname()[1]


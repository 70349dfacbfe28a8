#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""SIGTERM under load: the server ends within five seconds, and every request that was answered 2xx
is there after the next start.

    terminate.py SERVER_BINARY
"""

import argparse
import pathlib
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE.parent / "support"))

from harness.server import Server       # noqa: E402
from harness.waiting import wait_until  # noqa: E402
from mix import DOMAIN, Mix, users      # noqa: E402

ROUNDS = 3
REQUESTS_A_ROUND = 150


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary", type=pathlib.Path)
    options = parser.parse_args()
    with Server(options.binary, [DOMAIN]) as server:
        server.start()
        server.import_users(users())
        mix = Mix(server)
        mix.start(100 * REQUESTS_A_ROUND)
        for number in range(1, ROUNDS + 1):
            wait_until(lambda: mix.finished >= number * REQUESTS_A_ROUND, 60, "enough requests are through")
            began = time.monotonic()
            server.stop()
            print(f"ended {time.monotonic() - began:.2f} s after SIGTERM", flush=True)
            server.start()
        mix.stop()
        mix.check()
        print(f"all of {mix.promises.count} promises were kept")


if __name__ == "__main__":
    main()

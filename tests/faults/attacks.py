#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""One attack after the other; after each an honest user is served in normal time, and the server's
memory is bounded.

    attacks.py SERVER_BINARY [NAME...]
"""

import argparse
import pathlib
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE.parent / "support"))

import content_attacks   # noqa: E402
import stream_attacks    # noqa: E402
from harness.server import Server  # noqa: E402
from honest import Honest          # noqa: E402
from mix import DOMAIN, users      # noqa: E402

# All of the attacks come from one address; a server that faces the world allows far less.
SETTINGS = """
[limits]
connections = 20000
connections_per_address = 20000
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary", type=pathlib.Path)
    parser.add_argument("names", nargs="*", help="only these attacks")
    options = parser.parse_args()
    attacks = [attack for attack in stream_attacks.ATTACKS + content_attacks.ATTACKS
               if not options.names or attack.__name__ in options.names]
    failures = 0
    with Server(options.binary, [DOMAIN], SETTINGS) as server:
        server.start()
        server.import_users(users())
        honest = Honest(server)
        honest.check("the start")
        for attack in attacks:
            name, began = attack.__name__.replace("_", " "), time.monotonic()
            try:
                attack(server)
                grown = honest.check(name)
                print(f"ok     {time.monotonic() - began:5.1f} s  {name} (memory {grown:+} KiB)", flush=True)
            except (AssertionError, OSError) as error:
                failures += 1
                print(f"FAILED {time.monotonic() - began:5.1f} s  {name}", flush=True)
                print(f"      {type(error).__name__}: {error}", flush=True)
        if failures:
            print(server.log_tail())
    sys.exit(1 if failures or not attacks else 0)


if __name__ == "__main__":
    main()

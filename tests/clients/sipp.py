# SPDX-License-Identifier: Apache-2.0
"""SIPp plays the scenarios in sipp/; each is one call that must succeed."""

import pathlib
import subprocess

SCENARIOS = pathlib.Path(__file__).resolve().parent / "sipp"
CALL_SECONDS = 30
USER, TARGET = "grace", "heidi"


def run(place):
    for transport in ("u1", "t1"):
        _play(place, "register.xml", transport, place.domain)
        _play(place, "publish.xml", transport, f"{USER}@{place.domain}")
        _play(place, "subscribe.xml", transport, f"{TARGET}@{place.domain}")
        _play(place, "fetch.xml", transport, f"{TARGET}@{place.domain}")
        _play(place, "message.xml", transport, f"{TARGET}@{place.domain}")
        _empty_store(place)


def _play(place, scenario, transport, request_uri):
    """`request_uri` is what its requests go to: by itself SIPp signs the server's address in its place."""
    host, port = place.server.address
    command = ["sipp", f"{host}:{port}", "-sf", str(SCENARIOS / scenario), "-m", "1", "-l", "1", "-t", transport,
               "-i", "127.0.0.1", "-nostdin", "-timeout", f"{CALL_SECONDS}s", "-timeout_error",
               "-au", USER, "-ap", place.password, "-auth_uri", request_uri, "-s", USER, "-trace_err",
               "-error_file", f"{place.folder}/errors", "-key", "domain", place.domain, "-key", "target", TARGET]
    done = subprocess.run(command, capture_output=True, text=True, timeout=CALL_SECONDS + 10, cwd=place.folder,
                          env={"TERM": "dumb", "PATH": "/usr/bin"})
    errors = place.folder / "errors"
    said = errors.read_text(errors="replace")[-1500:] if errors.exists() else done.stdout[-1500:]
    assert done.returncode == 0, f"{scenario} over {transport} ended with {done.returncode}:\n{said}"


def _empty_store(place):
    """The message that is left for the offline user was kept once."""
    path = place.server.rest.of_user(place.aor(TARGET), "messages")
    assert len(place.server.rest.items(path)) == 1
    status, _ = place.server.rest.call("DELETE", path)
    assert status == 204, status

# SPDX-License-Identifier: Apache-2.0
"""Where and with what was measured, without names or paths; its cores, and the memory of a server."""

import contextlib
import os
import pathlib
import platform
import re
import shutil
import subprocess

from harness.postgres import binaries

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROC = pathlib.Path("/proc")


def describe():
    return {"cores": len(os.sched_getaffinity(0)), "cpu": _first(r"^model name\s*:\s*(.+)$", _read("/proc/cpuinfo")),
            "memory_gib": round(int(_first(r"^MemTotal:\s*(\d+)", _read("/proc/meminfo")) or 0) / 2**20),
            "kernel": re.match(r"[\d.]*\d", platform.release()).group(),
            "postgresql": _first(r"([\d.]+)", _said(binaries() / "postgres", "--version")),
            "kamailio": _first(r"kamailio ([\d.]+)", _said("kamailio", "-v")) if shutil.which("kamailio") else ""}


def commit():
    """Short name of the commit, with "+" when files of the program differ from it."""
    name = _said("git", "-C", ROOT, "rev-parse", "--short=10", "HEAD").strip()
    changed = _said("git", "-C", ROOT, "status", "--porcelain", "--", "server", "include", "schema", "tests/bench")
    return name + ("+" if name and changed else "")


def halves():
    """The cores that we may use, in two halves; twice the same where there is only one."""
    cores = sorted(os.sched_getaffinity(0))
    half = len(cores) // 2
    return (set(cores[:half]), set(cores[half:])) if half else (set(cores), set(cores))


@contextlib.contextmanager
def on_cores(cores):
    """What is started meanwhile runs on these, for its whole life."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def pss_kib(pid):
    """Proportional set size of a process and all below it: what is shared counts once."""
    tree, pss = {pid}, 0
    parents = {int(folder.name): _parent(folder) for folder in PROC.iterdir() if folder.name.isdigit()}
    grown = True
    while grown:
        below = {child for child, parent in parents.items() if parent in tree} - tree
        tree |= below
        grown = bool(below)
    for member in tree:
        pss += int(_first(r"^Pss:\s*(\d+)", _read(PROC / str(member) / "smaps_rollup")) or 0)
    return pss


def _parent(folder):
    # The name in brackets may hold blanks, so fields are counted from behind it.
    fields = _read(folder / "stat").rpartition(")")[2].split()
    return int(fields[1]) if len(fields) > 1 else 0


def _read(path):
    try:
        return pathlib.Path(path).read_text(errors="replace")
    except OSError:  # a process that has just ended
        return ""


def _said(*command):
    try:
        return subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=30).stdout
    except OSError:
        return ""


def _first(pattern, text):
    found = re.search(pattern, text, re.MULTILINE)
    return found.group(1).strip() if found else ""

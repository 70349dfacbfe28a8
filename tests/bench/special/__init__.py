# SPDX-License-Identifier: Apache-2.0
"""Runs that are more than one load. Each module has TITLE, NOTE (what is done, for the document), SECONDS
(about how long it takes), measure(bench) for rows of JSON, and table(rows)."""

from special import idle, memory, overload, restart, shards, silent, soak, storm

RUNS = {"idle": idle, "shards": shards, "silent": silent, "memory": memory, "restart": restart, "storm": storm,
        "overload": overload, "soak": soak}

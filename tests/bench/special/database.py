# SPDX-License-Identifier: Apache-2.0
"""SQL on the database under a server, by psql."""

import subprocess

from harness.postgres import binaries


def run(database, statements):
    """Runs them in one go; gives what they print, without decoration."""
    done = subprocess.run([str(binaries() / "psql"), "-q", "-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", database.url],
                          input=statements, capture_output=True, text=True, timeout=900)
    if done.returncode != 0:
        raise RuntimeError(f"psql: {done.stderr.strip()}")
    return done.stdout.strip()


def value(database, statement):
    return run(database, statement).splitlines()[0]


def multiply(database, table, changed, series):
    """Replaces the table's rows by many like its first one.

    `changed`: {column: SQL expression over the names of `series`} for what differs from row to row.
    """
    names = run(database, "SELECT column_name FROM information_schema.columns WHERE table_name = "
                          f"'{table}' AND is_generated = 'NEVER' ORDER BY ordinal_position").splitlines()
    values = ", ".join(changed.get(name, f"pattern.{name}") for name in names)
    run(database, f"CREATE TEMP TABLE pattern AS SELECT * FROM {table} LIMIT 1; TRUNCATE {table}; "
                  f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM pattern, {series}; ")

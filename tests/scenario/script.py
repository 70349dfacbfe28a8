# SPDX-License-Identifier: Apache-2.0
"""Reads a scenario file: a title, then steps, each with an indented block below it."""

import dataclasses
import pathlib


@dataclasses.dataclass
class Step:
    number: int   # of the line in the file, for messages
    text: str
    block: list   # the indented lines below, stripped


@dataclasses.dataclass
class Script:
    path: pathlib.Path
    title: str
    steps: list


def read_script(path):
    """`#` begins a comment line; empty lines are for the eye."""
    title, steps = "", []
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if not title:
            title = line.strip()
        elif line[0].isspace() and steps:
            steps[-1].block.append(line.strip())
        else:
            steps.append(Step(number, line.strip(), []))
    if not steps:
        raise ValueError(f"{path}: a scenario has a title and steps")
    return Script(path, title, steps)

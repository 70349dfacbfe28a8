# SPDX-License-Identifier: Apache-2.0
"""Wildcards and names in scenarios.

`*` stands for any text. `$name` is the value of that name; where a pattern meets a name that has no
value yet, it takes the word that stands there.
"""

import re

NAME = re.compile(r"\$(\w+(?:\.\w+)?)")


def fill(text, values):
    """Replaces each $name by its value. KeyError for one that has none."""
    return NAME.sub(lambda found: str(values[found.group(1)]), text)


def match(pattern, text, values):
    """None, or the names that the pattern gave a value to."""
    return _run(pattern, text, values, re.fullmatch)


def search(pattern, text, values):
    """As match(), anywhere in the text."""
    return _run(pattern, text, values, re.search)


def _run(pattern, text, values, how):
    expression, taken, position = "", {}, 0
    for found in NAME.finditer(pattern):
        expression += _literal(pattern[position:found.start()])
        expression += _name(found.group(1), values, taken)
        position = found.end()
    expression += _literal(pattern[position:])
    result = how(expression, text, re.DOTALL)
    return None if result is None else {name: result.group(group) for name, group in taken.items()}


def _literal(text):
    return ".*".join(re.escape(piece) for piece in text.split("*"))


def _name(name, values, taken):
    if name in values:
        return re.escape(str(values[name]))
    if name in taken:
        return f"(?P={taken[name]})"
    taken[name] = f"taken{len(taken)}"
    return f'(?P<{taken[name]}>[^;,<>"\\s]+)'

# SPDX-License-Identifier: Apache-2.0
"""The indented blocks: what a sent message carries, and what a received one must look like."""

import pattern
import pidf

MESSAGE_LIMIT = 1 << 20


def build(block, request, values):
    """Puts a sending block into a message.

    Name: value   replaces the header        +Name: value   adds one more
    -Name         leaves it out              body TEXT      is the body (\\n, \\r as in C)
    body pidf open|closed [NOTE]             a presence document, with its Content-Type
    body doing ACTIVITY [NOTE]               one of somebody who is open and does that (RFC 4480)
    body N bytes                             that many bytes
    """
    for line in block:
        if line.startswith("body "):
            _build_body(line[5:], request, values)
        elif line.startswith("-"):
            request.remove(line[1:])
        elif line.startswith("+"):
            name, _, value = line[1:].partition(":")
            request.add(name, pattern.fill(value.strip(), values))
        else:
            name, _, value = line.partition(":")
            request.set(name, pattern.fill(value.strip(), values))


def _build_body(text, request, values):
    words = text.split()
    if words[0] in ("pidf", "doing"):
        note = text.split(None, 2)[2] if len(words) > 2 else ""
        write = pidf.document if words[0] == "pidf" else pidf.document_of_activity
        entity = pidf.entity_of(request) if request.get("To") else "sip:somebody@example.org"
        request.body = write(entity, words[1], note).encode()
        if not request.get("Content-Type"):
            request.add("Content-Type", "application/pidf+xml")
    elif len(words) == 2 and words[1] == "bytes":
        request.body = b"x" * min(int(words[0]), MESSAGE_LIMIT)
    else:
        request.body = pattern.fill(text, values).replace("\\r", "\r").replace("\\n", "\n").encode()


def differences(block, message, values):
    """What of a receiving block does not hold ([] when all does), and the names that got a value.

    Name: pattern    one header of that name matches      -Name   there is none
    body has TEXT    body lacks TEXT    body is TEXT      body empty
    body pidf open|closed   a valid-looking presence document whose first tuple says so
    reason PATTERN   the phrase behind the status
    """
    wrong, taken = [], {}
    for line in block:
        known = {**values, **taken}
        if line.startswith("body "):
            wrong += _body_differences(line[5:], message, known)
        elif line.startswith("reason "):
            phrase = message.start_line.split(" ", 2)[2]
            if pattern.match(line[7:], phrase, known) is None:
                wrong.append(f"{line!r}, but: {phrase!r}")
        elif line.startswith("-"):
            if message.all(line[1:]):
                wrong.append(f"{line[1:]} is there: {message.get(line[1:])}")
        else:
            name, _, wanted = line.partition(":")
            matches = [pattern.match(wanted.strip(), value, known) for value in message.all(name)]
            good = [one for one in matches if one is not None]
            if good:
                taken.update(good[0])
            else:
                wrong.append(f"{line!r}, but: {message.all(name) or 'no such header'}")
    return wrong, taken


def _body_differences(text, message, values):
    verb, _, rest = text.partition(" ")
    if verb == "pidf":
        return pidf.problems(message, rest)
    wanted = rest.replace("\\r", "\r").replace("\\n", "\n")
    holds = {
        "has": lambda: pattern.search(wanted, message.text, values) is not None,
        "lacks": lambda: pattern.search(wanted, message.text, values) is None,
        "is": lambda: message.text == pattern.fill(wanted, values),
        "empty": lambda: not message.body,
    }[verb]()
    return [] if holds else [f"body {text!r}, but: {message.text!r}"]

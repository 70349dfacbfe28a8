# SPDX-License-Identifier: Apache-2.0
"""Waiting for conditions, with a deadline that ends in an explanation."""

import time


class Deadline:
    """A point in time; `left` never goes below zero."""

    def __init__(self, seconds):
        self.end = time.monotonic() + seconds

    @property
    def left(self):
        return max(0.0, self.end - time.monotonic())

    @property
    def over(self):
        return self.left == 0.0


def wait_until(condition, seconds, what, pause=0.02):
    """Returns the first true value of condition(); AssertionError when there is none in time."""
    deadline = Deadline(seconds)
    while True:
        value = condition()
        if value:
            return value
        if deadline.over:
            raise AssertionError(f"waited {seconds:g} s in vain: {what() if callable(what) else what}")
        time.sleep(pause)

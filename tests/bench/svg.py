# SPDX-License-Identifier: Apache-2.0
"""Just as much SVG as two charts need. A drawing brings its own ground, so that it can be read on any page."""

import math
from xml.sax.saxutils import escape

STYLE = """
text { fill: #1f2328; font: 13px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif }
.title { font-size: 17px; font-weight: 600 }
.quiet { fill: #59636e; font-size: 12px }
.strong { font-weight: 600 }
.ground { fill: #ffffff; stroke: #d1d9e0 }
.grid { stroke: #e4e8ec } .axis { stroke: #818b98 } .mark { stroke: #1f2328; stroke-width: 2 }
.ours { fill: #1f6feb } .durable { fill: #8c959f } .fast { fill: #e07b00 } .span { stroke: #c4ccd4; stroke-width: 3 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .quiet { fill: #9198a1 }
  .ground { fill: #0d1117; stroke: #3d444d }
  .grid { stroke: #21262d } .axis { stroke: #656c76 } .mark { stroke: #e6edf3 }
  .ours { fill: #58a6ff } .durable { fill: #9198a1 } .fast { fill: #f0963a } .span { stroke: #3d444d }
}
"""


class Drawing:
    """Elements in the order in which they are painted. `title` is also what a screen reader says."""

    def __init__(self, width, height, title):
        self.width, self.height, self._title = width, height, title
        self._elements = [f'<rect class="ground" x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="8"/>']

    def text(self, x, y, text, style="", anchor="start"):
        self._elements.append(f'<text x="{x:.1f}" y="{y:.1f}" class="{style}" text-anchor="{anchor}">'
                              f"{escape(text)}</text>")

    def line(self, x1, y1, x2, y2, style):
        self._elements.append(f'<line class="{style}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>')

    def bar(self, x1, x2, y, height, style):
        left, width = min(x1, x2), max(1.0, abs(x2 - x1))
        self._elements.append(f'<rect class="{style}" x="{left:.1f}" y="{y:.1f}" width="{width:.1f}" '
                              f'height="{height}" rx="2"/>')

    def dot(self, x, y, style, radius=6):
        self._elements.append(f'<circle class="{style}" cx="{x:.1f}" cy="{y:.1f}" r="{radius}"/>')

    def svg(self):
        return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width}" height="{self.height}" '
                f'viewBox="0 0 {self.width} {self.height}" role="img" aria-label="{escape(self._title)}">\n'
                f"<!-- SPDX-License-Identifier: Apache-2.0; drawn by tests/bench/charts.py -->\n"
                f"<style>{STYLE}</style>\n" + "\n".join(self._elements) + "\n</svg>\n")


class LogAxis:
    """Places of values between two x; each step of the grid is `base` times the one before."""

    def __init__(self, lowest, highest, base, left, right):
        self._first, self._last = math.floor(math.log(lowest, base) + 1e-9), math.ceil(math.log(highest, base) - 1e-9)
        self._last = max(self._last, self._first + 1)
        self._base, self._left, self._right = base, left, right

    def x(self, value):
        part = (math.log(value, self._base) - self._first) / (self._last - self._first)
        return self._left + part * (self._right - self._left)

    def ticks(self):
        return [self._base ** power for power in range(self._first, self._last + 1)]

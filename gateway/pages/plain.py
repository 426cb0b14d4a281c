"""A small safe subset of Markdown for the operator's texts: headings, paragraphs, lists, links. All else is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable

from markupsafe import Markup, escape

_LINK = re.compile(r"\[([^\]]+)\]\(((?:https?://|mailto:|tel:|/)[^\s()<>\"]*)\)")
_HEADING = re.compile(r"^(#{1,4})\s+(.*)$")


def html(source: str) -> Markup:
    """Return the text as HTML; the page has the first-level heading, so headings begin at the second.

    >>> html("# Wer\\n\\nEin [Amt](https://example.de) <b>")
    Markup('<h2>Wer</h2>\\n<p>Ein <a href="https://example.de">Amt</a> &lt;b&gt;</p>')
    """
    blocks = re.split(r"\n\s*\n", source.replace("\r\n", "\n").strip())
    return Markup("\n").join(_block(block.split("\n")) for block in blocks if block.strip())


def _block(lines: list[str]) -> Markup:
    heading = _HEADING.match(lines[0])
    if heading:
        level = min(len(heading[1]) + 1, 6)
        first = Markup("<h{0}>{1}</h{0}>").format(level, _inline(heading[2]))
        return Markup("\n").join([first, _block(lines[1:])]) if lines[1:] else first
    if all(line.lstrip().startswith(("- ", "* ")) for line in lines):
        return Markup("<ul>{}</ul>").format(_items(line.lstrip()[2:] for line in lines))
    return Markup("<p>{}</p>").format(Markup("<br>\n").join(_inline(line) for line in lines))


def _items(lines: Iterable[str]) -> Markup:
    return Markup("").join(Markup("<li>{}</li>").format(_inline(line)) for line in lines)


def _inline(line: str) -> Markup:
    parts, at = [], 0
    for link in _LINK.finditer(line):
        parts += [escape(line[at : link.start()]), Markup('<a href="{}">{}</a>').format(link[2], link[1])]
        at = link.end()
    return Markup("").join([*parts, escape(line[at:])])

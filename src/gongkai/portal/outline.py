"""The contents of a long text: a list of its headings, to which the page then leads."""

import re
from typing import Any

import lxml.html

# Shorter texts, and texts of few headings, are seen whole at once.
LEAST_HEADINGS, LEAST_CHARACTERS = 3, 1200
# More than that would push the text off the first view: then the first level alone, and folded where that is long too.
MOST_SHOWN = 12
LEVELS = ("h2", "h3", "h4")


def outlined(html: str) -> tuple[str, list[dict[str, Any]]]:
    """The text with an id at each heading, and its contents as {id, label, level}; unchanged and none for short ones.

    html: the text of a page, cleaned. The level is 2 for the highest heading that the text has.
    """
    if sum(html.count(f"<{tag}") for tag in LEVELS) < LEAST_HEADINGS or len(html) < LEAST_CHARACTERS:
        return html, []
    root = lxml.html.fragment_fromstring(html, create_parent="div")
    if len(root.text_content()) < LEAST_CHARACTERS:
        return html, []
    headings = [node for node in root.iter(*LEVELS) if node.text_content().strip()]
    if len(headings) < LEAST_HEADINGS:
        return html, []
    highest = min(int(node.tag[1]) for node in headings)
    contents = []
    for number, node in enumerate(headings, 1):
        node.set("id", f"part-{number}")
        # The wide space after 第一章 is part of the heading.
        label = re.sub(r"[ \t\r\n]+", " ", node.text_content()).strip()
        contents.append({"id": f"part-{number}", "label": label, "level": int(node.tag[1]) - highest + 2})
    shown = (root.text or "") + "".join(lxml.html.tostring(child, encoding="unicode") for child in root)
    return shown, shorter(contents)


def shorter(contents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first two levels, or the first alone where both are many."""
    two = [each for each in contents if each["level"] <= 3]
    if len(two) <= MOST_SHOWN:
        return two
    one = [each for each in two if each["level"] == 2]
    return one if len(one) >= LEAST_HEADINGS else two

"""What changed between two contents, as lines of text for the page that shows it."""

import difflib
from typing import Any

# Unchanged lines shown around a change.
AROUND = 2


def diff(before: list[str], after: list[str]) -> list[dict[str, Any]]:
    """Parts as workbench/partials/diff.html takes them: {kind: same, ins, del or gap, text}, changed lines with runs."""
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    parts: list[dict[str, Any]] = []
    for group in matcher.get_grouped_opcodes(AROUND):
        if parts:
            parts.append({"kind": "gap", "text": ""})
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                parts += [{"kind": "same", "text": line} for line in before[i1:i2]]
            elif tag == "replace" and i2 - i1 == j2 - j1:
                for old, new in zip(before[i1:i2], after[j1:j2], strict=True):
                    parts.append({"kind": "changed", "runs": _runs(old, new)})
            else:
                parts += [{"kind": "del", "text": line} for line in before[i1:i2]]
                parts += [{"kind": "ins", "text": line} for line in after[j1:j2]]
    return parts


def _runs(old: str, new: str) -> list[dict[str, str]]:
    runs = []
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            runs.append({"kind": "same", "text": old[i1:i2]})
            continue
        if i2 > i1:
            runs.append({"kind": "del", "text": old[i1:i2]})
        if j2 > j1:
            runs.append({"kind": "ins", "text": new[j1:j2]})
    return runs

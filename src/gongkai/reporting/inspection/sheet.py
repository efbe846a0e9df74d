"""One sheet over many inspected reports, as an HTML file that needs nothing beside it.

A summary, then each report with its findings, both sides with their places, and the passages it has in common with
others. It opens without a server, prints on A4, and is read on a phone.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from importlib import resources

from gongkai.reporting.inspection.report import Inspected
from gongkai.rulebook.report_rules import RULES, Finding, Side

_STATUS = {"complete": "完整", "partial": "不完整", "unreadable": "无法读取"}
# Each state has a shape and a word; colour comes third.
_MARKS = {
    "error": "● 错误",
    "warning": "▲ 提示",
    "clear": "✓ 没有发现问题",
    "unreadable": "■ 无法读取",
}
_SUMMARY = ("序号", "机关", "年度", "读取", "结果", "错误", "提示", "涉及的规则", "文件")
_FINDINGS = ("程度", "规则", "问题和改正", "一方", "另一方", "依据")


def sheet(inspected: Sequence[Inspected]) -> str:
    """The sheet as HTML."""
    style = resources.files(__package__).joinpath("data", "sheet.css").read_text(encoding="utf-8")
    body = "\n".join(
        (
            "<h1>政府信息公开工作年度报告检查结果</h1>",
            *_summary(inspected),
            *(line for number, each in enumerate(inspected, 1) for line in _report(number, each)),
            *_rules(inspected),
        )
    )
    return (
        '<!doctype html>\n<html lang="zh-Hans">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>政府信息公开工作年度报告检查结果</title>\n<style>\n{style}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _state(each: Inspected) -> str:
    if each.report.status == "unreadable":
        return "unreadable"
    if each.errors:
        return "error"
    return "warning" if each.findings else "clear"


def _summary(inspected: Sequence[Inspected]) -> Iterator[str]:
    states = Counter(_state(each) for each in inspected)
    said = (
        f"共{len(inspected)}个文件：{states['error']}份有错误，{states['warning']}份只有提示，"
        f"{states['clear']}份没有发现问题，{states['unreadable']}个无法读取。"
    )
    yield f"<p>{said}</p>"
    rows = []
    for number, each in enumerate(inspected, 1):
        rules = Counter(one.rule for one in each.findings)
        told = "、".join(f"{rule}×{count}" if count > 1 else rule for rule, count in rules.items())
        rows.append(
            (
                f"{number}",
                f'<a href="#r{number}">{escape(each.report.agency or "（机关不明）")}</a>',
                f"{each.report.year or ''}",
                _STATUS[each.report.status],
                _mark(_state(each)),
                f"{each.errors}",
                f"{len(each.findings) - each.errors}",
                told,
                f'<span class="quiet">{escape(each.name)}</span>',
            )
        )
    yield from _table("每个文件一行", _SUMMARY, rows, numbers={0, 2, 5, 6}, words={3})


def _report(number: int, each: Inspected) -> Iterator[str]:
    yield f'<section class="report" id="r{number}">'
    yield f"<h2>{number}. {escape(each.label)}</h2>"
    yield f'<p class="quiet">{escape(each.name)}</p>'
    if not each.findings:
        yield f"<p>{_mark('clear')}</p>"
    else:
        rows = [_finding(one) for one in each.findings]
        yield from _table(f"{len(rows)}个问题", _FINDINGS, rows, words={1})
    for one in each.findings:
        if one.rule == "COPY":
            yield from _passages(one)
    yield "</section>"


def _finding(one: Finding) -> tuple[str, ...]:
    # The passages of copied text stand below the table, side by side.
    sides = one.sides[:2] if one.rule != "COPY" else ()
    left = _side(sides[0]) if sides else ""
    right = _side(sides[1]) if len(sides) > 1 else ""
    return (_mark(one.severity), escape(one.rule), escape(one.message), left, right, escape(one.basis))


def _side(side: Side) -> str:
    place = f'<span class="place">{escape(_document(side) + side.place)}</span>' if side.place else ""
    return f"{escape(side.words)}{place}"


def _document(side: Side) -> str:
    return "上一年度报告" if side.document == "previous" else ""


def _passages(copied: Finding) -> Iterator[str]:
    """The passages in common with one other text, side by side with their places."""
    yield f"<h3>{escape(copied.message.partition('，')[0])}：相似的段落</h3>"
    for own, other in zip(copied.sides[::2], copied.sides[1::2], strict=True):
        yield f'<div class="passage"><p>{_side(own)}</p><p>{_side(other)}</p></div>'


def _rules(inspected: Sequence[Inspected]) -> Iterator[str]:
    """What the rules demand that were broken somewhere."""
    broken = {one.rule for each in inspected for one in each.findings}
    rows = [
        (rule.id, escape(rule.statement), escape(rule.basis), escape(rule.mend))
        for rule in RULES.values()
        if rule.id in broken
    ]
    if rows:
        yield "<h2>所用的规则</h2>"
        yield from _table("本次检查涉及的规则", ("规则", "要求", "依据", "怎样改"), rows, words={0})


def _mark(state: str) -> str:
    return f'<span class="mark mark--{state}">{_MARKS[state]}</span>'


def _table(
    caption: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    numbers: Iterable[int] = (),
    words: Iterable[int] = (),
) -> Iterator[str]:
    """A table; the cells are HTML. Each cell knows its head, so that a phone can show rows as blocks.

    numbers, words: the columns that hold numbers, and single words that are never broken.
    """
    looks = dict.fromkeys(words, ' class="word"') | dict.fromkeys(numbers, ' class="number"')
    yield f"<table><caption>{escape(caption)}</caption>"
    yield "<thead><tr>" + "".join(f'<th scope="col">{head}</th>' for head in heads) + "</tr></thead><tbody>"
    for row in rows:
        cells = "".join(
            f'<td data-label="{head}"{looks.get(place, "")}>{cell}</td>'
            for place, (head, cell) in enumerate(zip(heads, row, strict=True))
        )
        yield f"<tr>{cells}</tr>"
    yield "</tbody></table>"

"""Our own rendering of an annual report as text, and the ways in which producers disturb such a text."""

import random
import re
from dataclasses import replace
from decimal import Decimal

from gongkai.rulebook.report_form import (
    APPLICANT_COLUMNS,
    APPLICATION_ROWS,
    DISCLOSURE_BLOCKS,
    HEADER_NOTE,
    LEAF_ROWS,
    LEGAL_PERSON,
    PARTS,
    REMEDY_COLUMNS,
    REMEDY_ROWS,
    ROW_HEAD,
    UNDIVIDED_ROW,
    ReportTables,
    row_keys,
    row_of,
)

AGENCY = "西工区城市改造办公室"


def balanced(rng, form="2021", most=40):
    """Tables in which every rule holds, with figures large enough to need a thousands separator."""

    def total(parts):
        return (*parts, sum(parts))

    def counts(n):
        return tuple(rng.choice((0, 0, rng.randrange(most), rng.randrange(1000, 99999))) for _ in range(n))

    leaves = [key for key in row_keys("applications", form) if key in (*LEAF_ROWS, UNDIVIDED_ROW.key)]
    rows = {key: total(counts(6)) for key in leaves}
    rows["r3_7"] = tuple(map(sum, zip(*rows.values(), strict=True)))
    rows["r4"] = total(counts(6))
    closed = tuple(a + b for a, b in zip(rows["r3_7"], rows["r4"], strict=True))
    rows["r2"] = total(tuple(min(n, rng.randrange(50)) for n in closed[:6]))
    rows["r1"] = tuple(a - b for a, b in zip(closed, rows["r2"], strict=True))
    if form == "2019":
        rows |= dict.fromkeys(("r3_6_1", "r3_6_2", "r3_6_3"), (None,) * 7)
    return ReportTables(
        {
            "rules": (0, 0, 0),
            "normative_documents": counts(3),
            "licences": counts(1),
            "penalties": counts(1),
            "coercive_measures": counts(1),
        },
        Decimal(rng.randrange(10**6)).scaleb(-4),
        rows,
        {row.key: total(counts(4)) for row in REMEDY_ROWS},
        form,
    )


def table_rows(tables):
    """For each table the heads and rows of its cells, label cells first: part number → list of cell lists."""
    two = []
    for block in DISCLOSURE_BLOCKS:
        two += [[block.article], [ROW_HEAD, *(column.label for column in block.columns)]]
        for row in block.rows:
            figures = (tables.charges,) if row.key == "charges" else tables.disclosure[row.key]
            two.append([row.label, *figures])
    three = [
        [HEADER_NOTE, "申请人情况"],
        ["自然人", LEGAL_PERSON, "总计"],
        [column.label for column in APPLICANT_COLUMNS if column.group],
    ]
    shown = set()
    for key in row_keys("applications", tables.form):
        row = row_of("applications", key)
        labels = [label for label in (row.part, row.group) if label and label not in shown]
        shown |= set(labels)
        three += [[label] for label in labels]
        three.append([row.label, *tables.applications[key]])
    heads = [column.label for column in REMEDY_COLUMNS]
    four = [
        ["行政复议", "行政诉讼"],
        [*heads, "未经复议直接起诉", "复议后起诉"],
        [*heads, *heads],
        [value for row in REMEDY_ROWS for value in tables.remedies[row.key]],
    ]
    return {2: two, 3: three, 4: four}


def write(value):
    return "" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)


def blocks(tables, agency=AGENCY, year=2021):
    """The report as (kind, content): ("line", text) or ("cells", list of texts)."""
    received = tables.applications["r1"][-1]
    yield "line", f"{agency}{year}年政府信息公开工作年度报告"
    tabled = table_rows(tables)
    for part in PARTS:
        yield "line", part.numbered_heading
        if part.number in tabled:
            for cells in tabled[part.number]:
                yield "cells", [cell if isinstance(cell, str) else write(cell) for cell in cells]
        elif part.number == 1:
            yield "line", f"{year}年共受理政府信息公开申请{received}件。主动公开政府信息9项。"
        else:
            yield "line", "无。收取信息处理费0元。"


def as_lines(report):
    """One line per row, cells parted by spaces; blank cells vanish, as in text drawn from a PDF."""
    return "\n".join(
        content if kind == "line" else " ".join(cell for cell in content if cell) for kind, content in report
    )


def as_cells(report):
    """One cell per line, as some web pages come out."""
    return "\n".join(
        content if kind == "line" else "\n".join(cell for cell in content if cell) for kind, content in report
    )


def as_markdown(report):
    """Pipe tables, ten columns wide in table three, with blanks for merged label cells."""
    lines = []
    for kind, content in report:
        if kind == "line":
            lines += ["", f"# {content}", ""]
        else:
            pad = 3 - (len(content) - 7) if len(content) == 8 else 0
            cells = [content[0], *[""] * max(pad - 1, 0), *content[1:]]
            lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def as_html(report):
    """A page with one table per part and cells that hold paragraphs."""
    body, opened = [], False
    for kind, content in report:
        if (kind == "cells") != opened:
            opened = not opened
            body.append("<table>" if opened else "</table>")
        if kind == "line":
            body.append(f"<p>{content}</p>")
        else:
            body.append(
                "<tr>" + "".join(f"<td><p><span>{cell}</span></p></td>" for cell in content) + "</tr>"
            )
    return (
        "<html><head><meta charset='utf-8'><title>年报</title></head><body>"
        + "".join(body)
        + "</body></html>"
    )


# Disturbances that leave every figure readable ------------------------------------------------------------

RADICALS = str.maketrans(
    "工一人民门长行用见车方日月支手水火立自文面", "⼯⼀⼈⺠⻔⻓⾏⽤⻅⻋⽅⽇⽉⽀⼿⽔⽕⽴⾃⽂⾯"
)
FULL_WIDTH = {ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)}


def radicals(text, rng):
    return text.translate(RADICALS)


def full_width_digits(text, rng):
    return text.translate(FULL_WIDTH)


def non_breaking_spaces(text, rng):
    return text.replace(" ", rng.choice(["\u00a0", "\u3000", "\u00a0 \u2003", "\t"]))


def blank_lines(text, rng):
    return "\n".join(line + "\n" * rng.randrange(3) for line in text.split("\n"))


def heading_twice(text, rng):
    heading = rng.choice(PARTS).numbered_heading
    return text.replace(heading, f"{heading}\n{heading}", 1)


def windows_line_ends(text, rng):
    return "\ufeff" + text.replace("\n", "\r\n")


def inner_spaces_in_heads(text, rng):
    return text.replace("结果维持", "结 果\n维持").replace("社会公益组织", "社会公益\n组织")


def brackets_and_points(text, rng):
    """Brackets of the other width and other points after the numbers of labels; never inside an amount."""
    text = text.replace("（", "(").replace("）", ")")
    return re.sub(r"([13])\.(?!\d)", lambda found: found[1] + ("．" if found[1] == "1" else "、"), text)


def page_numbers_in_words(text, rng):
    lines = text.split("\n")
    for page in range(1, 5):
        lines.insert(rng.randrange(2, len(lines)), f"第 {page} 页 共 4 页")
    return "\n".join(lines)


HARMLESS = (
    radicals,
    full_width_digits,
    non_breaking_spaces,
    blank_lines,
    heading_twice,
    windows_line_ends,
    inner_spaces_in_heads,
    brackets_and_points,
    page_numbers_in_words,
)


def thousands(report):
    def group(cell):
        return f"{int(cell):,}" if cell.isdigit() else cell

    return [(kind, [group(c) for c in content] if kind == "cells" else content) for kind, content in report]


def nil_marks(report, rng):
    mark = rng.choice(["-", "—", "/", "－", "／"])
    return [
        (kind, [mark if c == "0" else c for c in content] if kind == "cells" else content)
        for kind, content in report
    ]


def broken_labels(report, rng):
    """Long labels over two lines, the figures behind the first or the second."""
    out = []
    for kind, content in report:
        label = content[0] if kind == "cells" and content else ""
        if len(label) > 9 and len(content) == 8:
            cut = rng.randrange(5, len(label) - 2)
            figures = content[1:]
            if rng.random() < 0.5:
                out += [("cells", [label[:cut], *figures]), ("cells", [label[cut:]])]
            else:
                out += [("cells", [label[:cut]]), ("cells", [label[cut:], *figures])]
        else:
            out.append((kind, content))
    return out


# Disturbances that lose something -------------------------------------------------------------------------


def drop_cells(report, rng):
    """Some cells of the tables are blank."""
    out = []
    for kind, content in report:
        if kind == "cells" and rng.random() < 0.3:
            content = [c if not _number(c) or rng.random() < 0.7 else "" for c in content]
        out.append((kind, content))
    return out


def misspell(report, rng):
    """One letter of some labels is another letter."""
    out = []
    for kind, content in report:
        if kind == "cells" and content and len(content[0]) > 1 and rng.random() < 0.2:
            place = rng.randrange(len(content[0]))
            content = [content[0][:place] + "叧" + content[0][place + 1 :], *content[1:]]
        out.append((kind, content))
    return out


def drop_blocks(report, rng):
    """Some rows, labels or lines are gone."""
    return [block for block in report if rng.random() > 0.08]


def lose_ordinals(report, rng):
    """1.属于国家秘密 → 1 属于国家秘密, or without its number at all."""
    replacement = rng.choice([" ", ""])
    out = []
    for kind, content in report:
        if kind == "cells" and content and content[0][:1].isdigit() and content[0][1:2] == ".":
            number = content[0][0] if replacement else ""
            content = [number + replacement + content[0][2:], *content[1:]]
        out.append((kind, content))
    return out


def bare_page_numbers(report, rng):
    """Page footers between the rows: - 5 - or 5, and sometimes a running title."""
    out = []
    for block in report:
        out.append(block)
        if rng.random() < 0.08:
            page = rng.randrange(1, 9)
            out.append(("line", rng.choice([f"- {page} -", f"—{page}—", str(page)])))
        if rng.random() < 0.04:
            out.append(("line", f"{AGENCY}2021年政府信息公开工作年度报告"))
    return out


def repeated_heads(report, rng):
    """The head of table three again before one of its rows."""
    out = []
    for kind, content in report:
        if kind == "cells" and content and content[0] == APPLICATION_ROWS[9].label:
            out += [("cells", ["自然人", LEGAL_PERSON, "总计"])]
            out += [("cells", [column.label for column in APPLICANT_COLUMNS if column.group])]
        out.append((kind, content))
    return out


def swap_columns(report, rng):
    """The head names two columns in the other order; the figures follow the head."""
    out = []
    for kind, content in report:
        if content == [column.label for column in APPLICANT_COLUMNS if column.group]:
            content = [content[1], content[0], *content[2:]]
        out.append((kind, content))
    return out


def shuffle_rows(report, rng):
    """Two neighbouring blocks change places."""
    out = list(report)
    for _ in range(3):
        place = rng.randrange(len(out) - 1)
        out[place], out[place + 1] = out[place + 1], out[place]
    return out


LOSSY = (
    drop_cells,
    misspell,
    drop_blocks,
    lose_ordinals,
    bare_page_numbers,
    repeated_heads,
    swap_columns,
    shuffle_rows,
)


def _number(cell):
    return (
        bool(cell)
        and (cell[0].isdigit() or cell in "-—/－／")
        and cell.replace(".", "").replace(",", "").isdigit()
    )


def sample(seed, form="2021", most=40):
    rng = random.Random(seed)
    return balanced(rng, form, most), rng


def without(tables, name):
    return replace(tables, **{name: None})

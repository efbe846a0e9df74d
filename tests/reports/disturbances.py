"""What producers, offices and recognition do to a report. Each takes a paper and a random source, and changes it.

CLEAR leaves every figure readable: all cells must be right. SAID changes words of the form: all cells must be right,
and the change be said. LOSSY loses or blurs something: a cell is right, or blank and said.
"""

import re

from gongkai.rulebook.report_form import APPLICANT_COLUMNS, Cell, row_keys
from tests.reporting.report_rendering import FULL_WIDTH, RADICALS
from tests.reports.paper import Box, all_columns


def _labels(paper):
    return [box for box in paper.boxes if box.cell is None]


def _figures(paper):
    return [box for box in paper.boxes if box.cell is not None]


def _rows(paper, rng, count=1):
    """Some rows of tables two and three."""
    keys = [("applications", key) for key in row_keys("applications", paper.form)]
    keys += [("disclosure", key) for key in row_keys("disclosure")]
    return rng.sample([key for key in keys if paper.of_row(*key)], count)


def _unknown(paper, table, row, columns=None):
    """Nobody can say what stands in these cells."""
    for cell in all_columns(table, row):
        if columns is None or cell.column in columns:
            paper.truth[cell] = None


# All cells stay readable ---------------------------------------------------------------------------------


def nothing(paper, rng):
    pass


def radical_lookalikes(paper, rng):
    for box in paper.boxes:
        box.text = box.text.translate(RADICALS)
    paper.title = [line.translate(RADICALS) for line in paper.title]


def full_width_digits(paper, rng):
    for box in _figures(paper):
        box.text = box.text.translate(FULL_WIDTH)


def thousands(paper, rng):
    for box in _figures(paper):
        if box.text.isdigit():
            box.text = f"{int(box.text):,}"


def nil_signs(paper, rng):
    sign = rng.choice(["-", "—", "/", "－", "／", "——"])
    for box in _figures(paper):
        if box.text == "0":
            box.text = sign


def no_width_characters(paper, rng):
    for box in paper.boxes:
        for _ in range(rng.randrange(3)):
            place = rng.randrange(len(box.text) + 1)
            box.text = box.text[:place] + rng.choice("\u200b\ufeff\u2060\u00ad") + box.text[place:]


def spaces_in_labels(paper, rng):
    for box in _labels(paper):
        if box.text and len(box.text) < 8 and not box.text[0].isdigit():
            box.text = rng.choice(["\u00a0", "\u3000", " "]).join(box.text)


def labels_over_lines(paper, rng):
    for box in _labels(paper):
        if len(box.text) > 9:
            first = rng.randrange(5, len(box.text) - 2)
            box.text = box.text[:first] + "\n" + box.text[first:]
            if first > 11:
                box.text = box.text[: first // 2] + "\n" + box.text[first // 2 :]


def side_headings_upright(paper, rng):
    for box in paper.parts[3]:
        if box.down > 1 and box.column < 2 and box.row > 2:
            box.text = "\n".join(box.text)


def units(paper, rng):
    for box in _figures(paper):
        if box.text.isdigit():
            box.text += rng.choice(["件", " 件"])


def brackets_and_points(paper, rng):
    for box in _labels(paper):
        box.text = box.text.replace("（", "(").replace("）", ")")
        box.text = re.sub(r"^(\d)\.", lambda found: found[1] + rng.choice("．、.")[0], box.text)


def words_at_the_foot(paper, rng):
    for row in rng.sample(range(4, 26), 2):
        paper.above[row] = [f"第 {row % 9 + 1} 页 共 9 页"]


def heads_twice(paper, rng):
    row = rng.randrange(5, 25)
    head = [column.label for column in APPLICANT_COLUMNS]
    paper.above[row] = [" ".join(["申请人情况", head[0], "法人或其他组织", "总计"]), " ".join(head[1:-1])]


CLEAR = (
    nothing,
    radical_lookalikes,
    full_width_digits,
    thousands,
    nil_signs,
    no_width_characters,
    spaces_in_labels,
    labels_over_lines,
    side_headings_upright,
    units,
    brackets_and_points,
    words_at_the_foot,
    heads_twice,
)

# Words of the form are others ----------------------------------------------------------------------------


def _slip(paper, table, row, new):
    if paper.of_row(table, row):
        paper.label_of(table, row).text = new


def shortened_labels(paper, rng):
    for row, new in (
        ("r1", "一、本年新收申请数量"),
        ("r3_2", "（二）部分公开"),
        ("r3_3_1", "1.属国家秘密"),
        ("r3_3_7", "7.行政执法案卷"),
        ("r4", "四、结转下年度办理"),
    ):
        if rng.random() < 0.6:
            _slip(paper, "applications", row, new)


def misspelt_labels(paper, rng):
    for row, new in (
        ("r3_1", "（一）予与公开"),
        ("r3_3_2", "2.其他法律、行政法规规定禁止公开"),
        ("r3_5_1", "1.信访举报投诉类"),
        ("r3_5_4", "4.无正当理由大量返复申请"),
        ("r3_4_3", "3.补正后申请内容任不明确"),
    ):
        if rng.random() < 0.6:
            _slip(paper, "applications", row, new)


_MISREAD = {
    "目": "日",
    "己": "已",
    "已": "己",
    "未": "末",
    "申": "甲",
    "密": "蜜",
    "予": "子",
    "规": "现",
    "件": "仵",
}


def one_letter_misread(paper, rng):
    rows = _rows(paper, rng, 4)
    for table, row in rows:
        label = paper.label_of(table, row)
        places = [at for at, char in enumerate(label.text) if char in _MISREAD]
        if places and len(label.text) > 4:
            at = rng.choice(places)
            label.text = label.text[:at] + _MISREAD[label.text[at]] + label.text[at + 1 :]


def another_name_of_a_column(paper, rng):
    for box in paper.parts[3]:
        if box.text == "法律服务机构":
            box.text = "法律服务组织"


SAID = (shortened_labels, misspelt_labels, one_letter_misread, another_name_of_a_column)

# Something is lost ---------------------------------------------------------------------------------------


def half_filled_rows(paper, rng):
    for box in _figures(paper):
        if rng.random() < 0.1:
            box.text = ""
            paper.truth[box.cell] = None


def blank_rows(paper, rng):
    for table, row in _rows(paper, rng, 3):
        for box in paper.of_row(table, row):
            box.text = ""
        _unknown(paper, table, row)


def bare_numbers_at_the_foot(paper, rng):
    for row in rng.sample(range(4, 26), 3):
        page = rng.randrange(1, 12)
        paper.above[row] = [rng.choice([f"- {page} -", f"—{page}—", str(page)])]


def no_numbers(paper, rng):
    words = [
        "约10",
        "10万",
        "10余件",
        "1(1)",
        "①",
        "壹",
        "一",
        "无",
        "05",
        "1,23",
        "2021-01-05 00:00:00",
        "O",
        "1e3",
    ]
    for table, row in _rows(paper, rng, 3):
        box = rng.choice(paper.of_row(table, row))
        box.text = rng.choice(words)
        paper.truth[box.cell] = None


def letters_lost(paper, rng):
    """Any letter of any label is another, or is gone."""
    for box in _labels(paper):
        if box.text and rng.random() < 0.15:
            at = rng.randrange(len(box.text))
            box.text = box.text[:at] + rng.choice(["", "叧", "口", box.text[at] * 2]) + box.text[at + 1 :]


def a_row_is_gone(paper, rng):
    table, row = _rows(paper, rng)[0]
    line = paper.of_row(table, row)[0].row
    number = 2 if table == "disclosure" else 3
    gone = [b for b in paper.parts[number] if b.row == line and b.down == 1]
    paper.parts[number] = [box for box in paper.parts[number] if box not in gone]
    for box in paper.parts[number]:
        if box.row > line:
            box.row -= 1
        elif box.row + box.down > line and box.down > 1:
            if box.row == line:
                box.row = line
            box.down -= 1
    _unknown(paper, table, row)


def a_row_twice(paper, rng):
    """The same label again, with other figures, in place of the next row."""
    keys = _there(paper)
    place = rng.randrange(2, len(keys) - 2)
    _slip(paper, "applications", keys[place + 1], paper.label_of("applications", keys[place]).text)
    _unknown(paper, "applications", keys[place])
    _unknown(paper, "applications", keys[place + 1])


def _there(paper):
    return [key for key in row_keys("applications", paper.form) if paper.of_row("applications", key)]


def figures_in_the_next_row(paper, rng):
    keys = _there(paper)
    full = [key for key in keys if all(box.text for box in paper.of_row("applications", key))]
    # A blank row that is moved moves nothing, and what moves into one looks like that row's own.
    places = [at for at in range(2, len(keys) - 2) if keys[at] in full and keys[at + 1] in full]
    if not places:
        return
    place = rng.choice(places)
    here, there = (paper.of_row("applications", keys[at]) for at in (place, place + 1))
    for one, other in zip(here, there, strict=True):
        other.text, one.text = f"{one.text} {other.text}", ""
    _unknown(paper, "applications", keys[place])
    _unknown(paper, "applications", keys[place + 1])


def one_column_more(paper, rng):
    """Another column between those of the form, with a head of its own; half of its cells are blank."""
    at = rng.randrange(3, 11)
    rows = {box.row for box in _figures(paper) if box.cell.table == "applications"}
    for box in paper.parts[3]:
        if box.column >= at:
            box.column += 1
        elif box.column + box.across > at and box.column >= 3:
            box.across += 1
    new = [Box(2 if 4 <= at <= 8 else 1, at, rng.choice(["备注", "上年数", "占比"]))]
    new += [Box(row, at, rng.choice(["", str(rng.randrange(9))])) for row in rows]
    paper.parts[3] += new


def one_column_less(paper, rng):
    column = rng.choice([column.key for column in APPLICANT_COLUMNS])
    gone = [box for box in _figures(paper) if box.cell.column == column and box.cell.table == "applications"]
    at = gone[0].column
    paper.parts[3] = [box for box in paper.parts[3] if box not in gone]
    for row in row_keys("applications", paper.form):
        paper.truth[Cell("applications", row, column)] = None
    for box in paper.parts[3]:
        if box.column > at and box.cell is not None:
            box.column -= 1
    paper.parts[3].append(Box(4, 9, ""))


def columns_exchanged(paper, rng):
    heads = [box for box in paper.parts[3] if box.row == 2]
    one, other = rng.sample(heads, 2)
    one.text, other.text = other.text, one.text
    for row in row_keys("applications", paper.form):
        keys = {APPLICANT_COLUMNS[box.column - 3].key for box in (one, other)}
        _unknown(paper, "applications", row, keys)


def a_page_number_glued_to_a_figure(paper, rng):
    """Only the sums can show it, where there are sums."""
    box = paper.of_row("applications", rng.choice(_there(paper)))[-1]
    box.text += str(rng.randrange(1, 9))


def years_in_labels(paper, rng):
    for row, new in (
        ("r1", "一、2021年新收政府信息公开申请数量"),
        ("r2", "二、2020年结转政府信息公开申请数量"),
    ):
        _slip(paper, "applications", row, new)


LOSSY = (
    half_filled_rows,
    blank_rows,
    bare_numbers_at_the_foot,
    no_numbers,
    letters_lost,
    a_row_is_gone,
    a_row_twice,
    figures_in_the_next_row,
    one_column_more,
    one_column_less,
    columns_exchanged,
    a_page_number_glued_to_a_figure,
    years_in_labels,
)

"""The programs that make files of reports, each as it does: paper → bytes and the ending of the file's name."""

import csv
import html
import io

import docx
import openpyxl
import typst

from gongkai.paperwork.pdf import fonts
from tests.reports.paper import by_row, heading, width_of


def _lines(paper, row):
    """The paper as lines; `row` writes the boxes of one row of a table as lines."""
    lines = list(paper.title)
    for number, content in paper.parts.items():
        lines.append(heading(number))
        if number not in (2, 3, 4):
            lines += content
            continue
        for place, boxes in by_row(content).items():
            if number == 3:
                lines += paper.above.get(place, [])
            lines += row(boxes)
    return "\n".join(lines)


def txt_lines(paper):
    """A row on a line, cells parted by spaces; the second line of a label stands below its row."""

    def row(boxes):
        first = "  ".join(box.text.split("\n")[0] for box in boxes if box.text)
        return [first, *(line for box in boxes for line in box.text.split("\n")[1:])]

    return _lines(paper, row).encode(), ".txt"


def txt_middle(paper):
    """As a PDF's text comes: figures beside the middle of a label of three lines, or below it."""

    def row(boxes):
        broken = next((box for box in boxes if "\n" in box.text), None)
        if broken is None:
            return ["  ".join(box.text for box in boxes if box.text)]
        pieces = broken.text.split("\n")
        place = boxes.index(broken)
        left, right = ([box.text for box in some if box.text] for some in (boxes[:place], boxes[place + 1 :]))
        middle = len(pieces) // 2
        return [*pieces[:middle], " ".join([*left, pieces[middle], *right]), *pieces[middle + 1 :]]

    return _lines(paper, row).encode(), ".txt"


def txt_cells(paper):
    """Every cell on a line of its own."""
    return _lines(paper, lambda boxes: [box.text for box in boxes if box.text]).encode("gb18030"), ".txt"


def _squares(boxes, width):
    """The texts of a row with blanks for the squares that merged cells cover."""
    row = [""] * width
    for box in boxes:
        row[box.column] = box.text
    return row


def markdown(paper):
    lines = [f"# {line}" for line in paper.title]
    for number, content in paper.parts.items():
        lines += ["", f"## {heading(number)}", ""]
        if number not in (2, 3, 4):
            lines += content
            continue
        width = width_of(content)
        for place, (row, boxes) in enumerate(by_row(content).items()):
            if number == 3:
                lines += [f"| {line} |" + " |" * (width - 1) for line in paper.above.get(row, [])]
            cells = [text.replace("\n", "").replace("|", "\\|") for text in _squares(boxes, width)]
            lines.append("| " + " | ".join(cells) + " |")
            if place == 0:
                lines.append("|" + " --- |" * width)
    return "\n".join(lines).encode(), ".md"


def comma_separated(paper):
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    for line in paper.title:
        writer.writerow([line])
    for number, content in paper.parts.items():
        writer.writerow([heading(number)])
        if number not in (2, 3, 4):
            writer.writerows([line] for line in content)
            continue
        for row, boxes in by_row(content).items():
            if number == 3:
                writer.writerows([line] for line in paper.above.get(row, []))
            writer.writerow(_squares(boxes, width_of(content)))
    return stream.getvalue().encode("utf-8-sig"), ".csv"


def workbook(paper):
    """One sheet with merged cells; figures are numbers."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "年报"
    for line in paper.title:
        sheet.append([line])
    for number, content in paper.parts.items():
        sheet.append([heading(number)])
        if number not in (2, 3, 4):
            for line in content:
                sheet.append([line])
            continue
        start, last = sheet.max_row + 1, None
        for row, boxes in by_row(content).items():
            if number == 3:
                for line in paper.above.get(row, []):
                    sheet.cell(start + row, 1, line)
                    start += 1
            for box in boxes:
                number_like = box.cell is not None and box.text.isascii() and box.text.isdigit()
                value = int(box.text) if number_like and str(int(box.text)) == box.text else box.text
                at = start + box.row, box.column + 1
                sheet.cell(*at, value or (0 if value == 0 else None))
                if box.down > 1 or box.across > 1:
                    spare = {} if paper.above else {"end_row": at[0] + box.down - 1}
                    sheet.merge_cells(
                        start_row=at[0],
                        start_column=at[1],
                        end_row=spare.get("end_row", at[0]),
                        end_column=at[1] + box.across - 1,
                    )
            last = row
        assert last is not None
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue(), ".xlsx"


def word(paper, borders=True):
    """A document with merged cells, as offices write it."""
    document = docx.Document()
    for line in paper.title:
        document.add_heading(line, 0)
    for number, content in paper.parts.items():
        document.add_paragraph(heading(number))
        if number not in (2, 3, 4):
            for line in content:
                document.add_paragraph(line)
            continue
        rows = max(box.row + box.down for box in content)
        table = document.add_table(rows, width_of(content), style="Table Grid" if borders else None)
        # Its own list of cells, for looking them up one by one takes long.
        squares = [list(row.cells) for row in table.rows]
        for box in content:
            target = squares[box.row][box.column]
            if box.down > 1 or box.across > 1:
                target = target.merge(squares[box.row + box.down - 1][box.column + box.across - 1])
            pieces = box.text.split("\n")
            target.text = pieces[0]
            for piece in pieces[1:]:
                target.add_paragraph(piece)
        if number == 3:
            for row in sorted(paper.above, reverse=True):
                for line in paper.above[row]:
                    added = table.add_row()
                    added.cells[0].merge(added.cells[-1]).text = line
                    table.rows[row]._tr.addprevious(added._tr)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue(), ".docx"


def _html_rows(paper, number, cell):
    rows = []
    for row, boxes in by_row(paper.parts[number]).items():
        if number == 3:
            rows += [f"<tr><td colspan='10'>{line}</td></tr>" for line in paper.above.get(row, [])]
        rows.append("<tr>" + "".join(cell(box) for box in boxes) + "</tr>")
    return "".join(rows)


def _spans(box):
    return f" colspan='{box.across}'" * (box.across > 1) + f" rowspan='{box.down}'" * (box.down > 1)


def html_office(paper):
    """A page as an office program saves it: a paragraph with styled pieces in every cell."""

    def cell(box):
        pieces = "".join(
            f"<p class=MsoNormal align=center><span style='font-family:仿宋'>{html.escape(line)}</span>"
            "<span lang=EN-US><o:p></o:p></span></p>"
            for line in box.text.split("\n")
        )
        return f"<td width=64 valign=top{_spans(box)} style='border:solid windowtext 1.0pt'>{pieces}</td>"

    body = "".join(f"<p class=MsoNormal><b>{line}</b></p>" for line in paper.title)
    for number, content in paper.parts.items():
        body += f"<p class=MsoNormal><span>{heading(number)[:2]}</span><span>{heading(number)[2:]}</span></p>"
        if number in (2, 3, 4):
            body += f"<table class=MsoTableGrid border=1>{_html_rows(paper, number, cell)}</table>"
        else:
            body += "".join(f"<p class=MsoNormal>{line}</p>" for line in content)
    return (
        "<html xmlns:o='urn:schemas-microsoft-com:office:office'><head><meta charset=gb2312>"
        f"<style>p{{margin:0}}</style></head><body lang=ZH-CN>{body}</body></html>"
    ).encode("gb18030"), ".html"


def html_site(paper):
    """A page of a site: the article in a table of the layout, spaces as entities, menus around it."""

    def cell(box):
        text = html.escape(box.text).replace("\n", "<br/>")
        return f"<td{_spans(box)}><div>&nbsp;<span>{text}</span>&nbsp;</div></td>"

    body = "".join(f"<h1>{line}</h1>" for line in paper.title)
    for number, content in paper.parts.items():
        body += f"<div><strong>{heading(number)}</strong></div>"
        if number in (2, 3, 4):
            body += (
                "<div class='table-wrap'><table><tbody>"
                + _html_rows(paper, number, cell)
                + "</tbody></table></div>"
            )
        else:
            body += "".join(f"<div>&emsp;&emsp;{line}</div>" for line in content)
    menu = "<ul><li><a href='/'>首页</a></li><li><a href='/xxgk'>政府信息公开</a></li></ul>"
    page = (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{paper.title[0]}</title></head><body>{menu}"
        f"<table><tr><td>{body}</td></tr></table><div>打印本页 关闭窗口</div></body></html>"
    )
    return page.encode(), ".html"


def _typst(paper, stroke):
    def text(words):
        escaped = "".join(f"\\u{{{ord(char):x}}}" for char in words)
        return f'#"{escaped}"'

    def cell(box):
        pieces = " #linebreak() ".join(text(line) for line in box.text.split("\n") if line)
        place = f"x: {box.column}, y: {box.row}, colspan: {box.across}, rowspan: {box.down}"
        return f"table.cell({place})[{pieces}],"

    body = [f"= {text(line)}" for line in paper.title]
    for number, content in paper.parts.items():
        body.append(f"== {text(heading(number))}")
        if number not in (2, 3, 4):
            body += [text(line) + "\n" for line in content]
            continue
        width = width_of(content)
        columns = "(" + ", ".join(["1fr"] * width) + ")"
        if number == 3:
            columns = "(1.2em, 3em, 9em, " + "1fr, " * (width - 3) + ")"
        cells = "\n".join(cell(box) for row in by_row(content).values() for box in row)
        body.append(f"#table(columns: {columns}, stroke: {stroke}, inset: 3pt,\n{cells}\n)")
    head = (
        '#set page(paper: "a4", margin: 1.5cm, numbering: "- 1 -")\n'
        '#set text(font: "Gongkai Song", size: 9pt, lang: "zh")\n'
    )
    return head + "\n\n".join(body)


def pdf_drawn(paper):
    """A PDF with drawn tables, page numbers at the foot."""
    return typst.compile(_typst(paper, "0.5pt").encode(), font_paths=fonts()), ".pdf"


def pdf_plain(paper):
    """The same without a line between the cells."""
    return typst.compile(_typst(paper, "none").encode(), font_paths=fonts()), ".pdf"


PRODUCERS = {
    one.__name__: one
    for one in (
        txt_lines,
        txt_middle,
        txt_cells,
        markdown,
        comma_separated,
        workbook,
        word,
        html_office,
        html_site,
        pdf_drawn,
        pdf_plain,
    )
}

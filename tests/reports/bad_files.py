"""Files that are no report, or are made to harm whoever reads them."""

import io
import re
import struct
import zipfile
import zlib

import docx
import openpyxl
import pikepdf

from gongkai.reporting.reading.source import MAX_BYTES, MAX_PDF_PAGES
from tests.reporting import report_rendering as rendering

MB = 1 << 20


def saved(document):
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def report(seed=1):
    """The blocks of a report that is in order."""
    tables, _ = rendering.sample(seed)
    return list(rendering.blocks(tables))


def in_word(seed=1):
    document = docx.Document()
    for kind, content in report(seed):
        if kind == "line":
            document.add_paragraph(content)
        else:
            row = document.add_table(1, len(content)).rows[0]
            for cell, text in zip(row.cells, content, strict=True):
                cell.text = text
    return saved(document)


def in_excel(seed=1):
    book = openpyxl.Workbook()
    for kind, content in report(seed):
        book.active.append([content] if kind == "line" else content)
    return saved(book)


def in_web(seed=1):
    return rendering.as_html(report(seed)).encode()


def with_part(package, name, content=None, change=None):
    """A package with one part more, or one part changed."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(package)) as before,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for entry in before.namelist():
            data = before.read(entry)
            if entry == name and change:
                data = change(data)
            after.writestr(entry, data)
        if content is not None:
            with after.open(name, "w", force_zip64=True) as part:
                for piece in content:
                    part.write(piece)
    return stream.getvalue()


def bomb():
    """A small document with a part that unpacks to very much."""
    return with_part(in_word(), "word/media/a.bin", (b"0" * MB for _ in range(240)))


def lying():
    """A document whose text unpacks to sixty megabytes, of which its header says that they are ten bytes."""
    package = bytearray(with_part(in_word(), "word/document.xml", change=lambda xml: xml + b" " * (60 * MB)))
    for entry in zipfile.ZipFile(io.BytesIO(package)).infolist():
        if entry.filename == "word/document.xml":
            directory = package.rfind(b"word/document.xml") - 46
            for at in (directory + 24, entry.header_offset + 22):
                package[at : at + 4] = struct.pack("<I", 10)
    return bytes(package)


def entities():
    """The names of a document are names of names of names: a billion laughs."""
    names = '<!ENTITY e0 "笑">' + "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))

    def change(xml):
        head = b"<?xml version='1.0'?><!DOCTYPE d [" + names.encode() + b"]>"
        return head + xml.partition(b"?>")[2].replace(b"<w:t>", b"<w:t>&e9;", 1)

    return with_part(in_word(), "word/document.xml", change=change)


def deep_web(levels=100_000):
    return b"<html><body>" + b"<div>" * levels + "政府信息公开".encode()


def deep_tables(levels=3_000):
    return b"<html><body>" + b"<table><tr><td>" * levels + "政府信息公开".encode()


def deep_word(levels=100_000):
    inner = b"<w:tbl><w:tr><w:tc>" * levels + b"</w:tc></w:tr></w:tbl>" * levels

    def change(xml):
        return xml.replace(b"<w:body>", b"<w:body>" + inner, 1)

    return with_part(in_word(), "word/document.xml", change=change)


def endless_sheet(rows=400_000):
    """A sheet with a figure in each of very many rows."""
    body = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, rows))

    def change(xml):
        return re.sub(
            rb"<sheetData>.*</sheetData>", b"<sheetData>" + body.encode() + b"</sheetData>", xml, flags=re.S
        )

    return with_part(in_excel(), "xl/worksheets/sheet1.xml", change=change)


def far_cell():
    """One figure in the last cell that a sheet has."""
    book = openpyxl.Workbook()
    book.active.cell(1_048_576, 16_384, 1)
    return saved(book)


def wide_merge():
    """All cells that a sheet can have, as one."""
    merged = b'<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    return with_part(
        in_excel(),
        "xl/worksheets/sheet1.xml",
        change=lambda xml: xml.replace(b"</sheetData>", b"</sheetData>" + merged),
    )


def pages(count):
    """A PDF of so many empty pages."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        leaf = pdf.pages[0].obj
        pdf.Root.Pages.Kids = pikepdf.Array(
            [pdf.make_indirect(pikepdf.Dictionary(leaf)) for _ in range(count)]
        )
        pdf.Root.Pages.Count = count
        return saved(pdf)


def locked_pdf():
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        stream = io.BytesIO()
        pdf.save(stream, encryption=pikepdf.Encryption(user="秘密", owner="秘密"))
        return stream.getvalue()


def locked_office():
    """What an office program makes of a document with a password: a compound file with an encrypted package."""
    name = "EncryptedPackage".encode("utf-16-le")
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000) + name + bytes(2000)


def png(width, height, lines=b""):
    """A grey picture of a claimed size, with only so much of it as is given."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(lines))
        + chunk(b"IEND", b"")
    )


def huge_picture_in_pdf(side=10_000):
    """A page that shows a picture of a hundred million points."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        packer = zlib.compressobj()
        row = bytes(side)
        data = b"".join([*(packer.compress(row) for _ in range(side)), packer.flush()])
        image = pikepdf.Stream(pdf, data)
        image.stream_dict = pikepdf.Dictionary(
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=side,
            Height=side,
            BitsPerComponent=8,
            ColorSpace=pikepdf.Name.DeviceGray,
            Filter=pikepdf.Name.FlateDecode,
            Length=len(data),
        )
        page = pdf.pages[0]
        name = page.add_resource(image, pikepdf.Name.XObject)
        page.Contents = pdf.make_stream(f"q 612 0 0 792 0 0 cm {name} Do Q".encode())
        return saved(pdf)


# Name of the file, how it is made, what its refusal says.
BAD = {
    "empty": ("空.docx", lambda: b"", "空的"),
    "blank": ("空.txt", lambda: b" \n" * 5000, "空的"),
    "too large": ("大.pdf", lambda: bytes(MAX_BYTES + 1), "超过50MB"),
    "ten thousand pages": ("厚.pdf", lambda: pages(10_000), f"超过{MAX_PDF_PAGES}页"),
    "pdf with a password": ("锁.pdf", locked_pdf, "PDF设有密码"),
    "office with a password": ("锁.docx", locked_office, "文件设有密码"),
    "macro": ("宏.docx", lambda: with_part(in_word(), "word/vbaProject.bin", [b"x"]), "含有宏"),
    "macro of a sheet": ("宏.xlsm", lambda: with_part(in_excel(), "xl/vbaProject.bin", [b"x"]), "含有宏"),
    "bomb": ("炸弹.docx", bomb, "解压后过大"),
    "lying bomb": ("谎.docx", lying, "损坏"),
    "billion laughs": ("实体.docx", entities, "损坏|实体"),
    "deep web page": ("深.html", deep_web, "报告|损坏|复杂"),
    "deep tables": ("深.html", deep_tables, "报告|损坏|复杂"),
    "deep document": ("深.docx", deep_word, "损坏"),
    "endless sheet": ("长.xlsx", endless_sheet, "表格过大"),
    "far cell": ("远.xlsx", far_cell, "表格过大"),
    "wide merge": ("宽.xlsx", wide_merge, "过大"),
    "long line": ("长.txt", lambda: b"1 " * (20 * MB), "不是一份年度报告"),
    "many cells": ("宽.csv", lambda: b"1," * (20 * MB), "不是一份年度报告"),
    "many pipes": ("宽.md", lambda: b"|" * 400_000, "报告"),
    "many brackets": ("括号.html", lambda: b"<" * 10 * MB, "报告|损坏"),
    "cut document": ("断.docx", lambda: in_word()[:-900], "损坏"),
    "cut sheet": ("断.xlsx", lambda: in_excel()[:2000], "损坏"),
    "cut pdf": ("断.pdf", lambda: pages(3)[:-300], "不完整"),
    "cut picture": ("断.png", lambda: png(2000, 3000, bytes(2000)), "图片已损坏"),
    "huge picture": ("大.png", lambda: png(30_000, 30_000), "百万像素"),
    "huge picture on a page": ("大.pdf", huge_picture_in_pdf, "百万像素"),
    "old document that is none": (
        "旧.doc",
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000),
        "损坏",
    ),
    "program": ("程序.docx", lambda: b"MZ" + bytes(range(256)) * 20, "不是文本"),
    "rtf": ("报告.doc", lambda: b"{\\rtf1 x}", "RTF"),
    "ofd": ("报告.ofd", lambda: with_part(in_word(), "OFD.xml", [b"<a/>"]), "OFD"),
    "archive": ("报告.zip", lambda: with_part(b"PK\x05\x06" + bytes(18), "a.docx", [in_word()]), "压缩包"),
    "packed": ("报告.gz", lambda: b"\x1f\x8b\x08" + bytes(50), "压缩包"),
    "not a report": ("说明.txt", lambda: "今天天气很好。".encode(), "没有找到"),
}

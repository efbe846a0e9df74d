"""Files as old sites export them."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import openpyxl

HEADS = ("序号", "标题", "栏目名称", "发布时间", "访问地址", "正文内容", "附件")


def row(n: int, **more: Any) -> list[Any]:
    """One row of an export; `more` replaces cells by their heads."""
    cells: dict[str, Any] = {
        "序号": n,
        "标题": f"西工区第{n}号旧站公告",
        "栏目名称": "公示公告",
        "发布时间": "2019-05-06 10:20:33",
        "访问地址": f"http://www.old.gov.cn/art/2019/5/6/art_{n}.html",
        "正文内容": f"<div><p>旧站第{n}号公告的正文，征收范围东至王城大道。</p></div>",
        "附件": "",
    }
    return [(cells | more)[head] for head in HEADS]


def sheet(rows: Sequence[Sequence[Any]], heads: Sequence[str] = HEADS) -> bytes:
    book = openpyxl.Workbook()
    book.active.append(list(heads))
    for cells in rows:
        book.active.append(list(cells))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def packed(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()

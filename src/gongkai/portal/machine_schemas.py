"""JSON Schemas (draft 2020-12) of the files under /data/: their meaning field by field, with the Chinese names.

The OpenAPI document takes the same schemas, so that there is one description of each file.
"""

from collections.abc import Mapping
from typing import Any

from gongkai.portal import machine
from gongkai.reporting.schema import DIALECT

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
COUNT: Schema = {"type": "integer", "minimum": 0}
URL: Schema = {"type": "string", "format": "uri"}
DAY: Schema = {"type": "string", "format": "date"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
DIGEST: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}


def maybe(schema: Schema) -> Schema:
    """The same, or null."""
    return {"anyOf": [schema, {"type": "null"}]}


def said(schema: Schema, title: str, description: str = "") -> Schema:
    """A field with its Chinese name, and what it means where the name does not say it."""
    return {**schema, "title": title, **({"description": description} if description else {})}


def thing(fields: Mapping[str, Schema]) -> Schema:
    """An object with exactly these fields, which are all there."""
    return {
        "type": "object",
        "properties": dict(fields),
        "required": list(fields),
        "additionalProperties": False,
    }


def rows(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


HEAD: dict[str, Schema] = {
    "$schema": said(TEXT, "本格式说明的地址"),
    "publisher": said(TEXT, "发布者"),
    "licence": said(TEXT, "使用条件"),
}
BASE: dict[str, Schema] = {
    "id": said({"type": "string", "pattern": "^urn:uuid:[0-9a-f-]{36}$"}, "标识", "不变；更正后仍是同一标识"),
    "index_number": said({"type": "string", "minLength": 1}, "索引号"),
    "title": said({"type": "string", "minLength": 1}, "标题"),
    "document_number": said(TEXT, "发文字号"),
    "agency": said(TEXT, "发布机构"),
    "agency_code": said(TEXT, "机关代码"),
    "column": said(TEXT, "栏目代码"),
    "column_name": said(TEXT, "栏目"),
    "variety": said(TEXT, "信息类型", "一般信息为空"),
    "formed_on": said(maybe(DAY), "生成日期"),
    "published": said(maybe(MOMENT), "发布时间", "首次在本平台公开的时间，由系统记录"),
    "changed": said(maybe(MOMENT), "更正时间", "未更正过的为空（null）"),
    "first_published_on": said(maybe(DAY), "原发布日期", "从旧网站迁入的信息才有"),
    "attribute": said(TEXT, "公开方式"),
    "five_open": said(TEXT, "五公开"),
    "url": said(URL, "网址"),
    "data": said(URL, "全文数据的地址"),
}
ITEM: dict[str, Schema] = {
    **HEAD,
    **BASE,
    "summary": said(TEXT, "内容概述"),
    "theme": said(TEXT, "主题分类"),
    "genre": said(TEXT, "体裁"),
    "keywords": said(rows(TEXT), "关键词"),
    "source": said(TEXT, "信息来源"),
    "effective_on": said(maybe(DAY), "施行日期"),
    "validity": said(
        maybe(
            thing(
                {
                    "code": said(
                        {"enum": ["in_force", "none", "amended", "repealed", "expired"]}, "有效性代码"
                    ),
                    "label": said(TEXT, "有效性"),
                    "since": said(maybe(DAY), "自何日起"),
                    "by": said(TEXT, "依据文件"),
                    "by_url": said(maybe(URL), "依据文件的网址"),
                }
            )
        ),
        "有效性",
        "政策文件以外的为空（null）",
    ),
    "original": said(
        maybe(thing({"address": said(TEXT, "原网址"), "published_on": said(maybe(DAY), "原发布日期")})),
        "原发布情况",
    ),
    "facts": said(
        rows(
            thing({"label": said(TEXT, "名称"), "value": said(TEXT, "内容"), "url": said(maybe(URL), "网址")})
        ),
        "信息目录",
        "页面上显示的全部元数据，按页面顺序",
    ),
    "body_html": said(TEXT, "正文（HTML）", "链接和图片为站内地址"),
    "body_text": said(TEXT, "正文（纯文本）"),
    "attachments": said(
        rows(
            thing(
                {
                    "name": said(TEXT, "文件名"),
                    "url": said(URL, "网址"),
                    "media_type": said(TEXT, "媒体类型"),
                    "size": said(COUNT, "字节数"),
                    "digest": said(DIGEST, "摘要值"),
                    "algorithm": said({"const": "SM3"}, "摘要算法"),
                }
            )
        ),
        "附件",
    ),
    "relations": said(
        rows(thing({"title": said(TEXT, "标题"), "url": said(URL, "网址")})),
        "相关信息",
        "解读、所属项目、废止或修改的文件等",
    ),
    "review": said(
        rows(thing({"step": said(TEXT, "环节"), "at": said(maybe(MOMENT), "时间")})),
        "审查经过",
        "三个环节和公开的时间；不含姓名",
    ),
    "release": said(
        thing(
            {
                "digest": said(DIGEST, "摘要值"),
                "algorithm": said({"const": "SM3"}, "摘要算法"),
                "released": said(MOMENT, "公开时间"),
            }
        ),
        "现行版本",
        "经三人审查的内容的摘要",
    ),
}
COLUMN: dict[str, Schema] = {
    "code": said(TEXT, "栏目代码"),
    "name": said(TEXT, "栏目"),
    "board": said(TEXT, "板块代码"),
    "board_name": said(TEXT, "板块"),
    "article": said(TEXT, "依据"),
    "description": said(TEXT, "说明"),
    "items": said(COUNT, "公开条数"),
    "url": said(URL, "网址"),
    "feed": said(URL, "订阅地址（Atom）"),
    "data": said(URL, "本栏目数据的地址"),
    "parts": said(COUNT, "数据文件数", "从1编号；旧文件在其信息更正或撤下时才变化"),
    "json": said(TEXT, "JSON文件的地址", "{part}换成编号"),
    "csv": said(TEXT, "CSV文件的地址", "{part}换成编号"),
}
AGENCY: dict[str, Schema] = {
    "code": said(TEXT, "机关代码"),
    "name": said(TEXT, "机关"),
    "parent_code": said(TEXT, "上级机关代码"),
    "office": said(TEXT, "政府信息公开工作机构"),
    "address": said(TEXT, "地址"),
    "postcode": said(TEXT, "邮编"),
    "hours": said(TEXT, "办公时间"),
    "phone": said(TEXT, "电话"),
    "fax": said(TEXT, "传真"),
    "email": said(TEXT, "电子邮箱"),
    "guide": said(URL, "公开指南"),
}
DOCUMENT: dict[str, Schema] = {
    "title": said(TEXT, "标题"),
    "url": said(URL, "网址"),
    "number": said(TEXT, "发文字号"),
    "agency": said(TEXT, "制定机关"),
    "kind": said(TEXT, "种类"),
    "issued_on": said(maybe(DAY), "印发日期"),
    "effective_on": said(maybe(DAY), "施行日期"),
    "expires_on": said(maybe(DAY), "有效期至"),
    "validity": said(TEXT, "有效性"),
    "since": said(maybe(DAY), "变更日期"),
    "by": said(TEXT, "依据文件"),
    "by_url": said(maybe(URL), "依据文件的网址"),
}
LETTER: dict[str, Schema] = {
    "title": said(TEXT, "标题"),
    "kind": said(TEXT, "类别"),
    "received_on": said(DAY, "来信日期"),
    "answered_on": said(DAY, "答复日期"),
    "days": said(maybe(COUNT), "办理用时（工作日）"),
    "agency": said(TEXT, "答复单位"),
    "published": said(TEXT, "发布时间"),
    "question": said(TEXT, "来信"),
    "answer": said(TEXT, "答复"),
    "url": said(URL, "网址"),
}
FIGURE: dict[str, Schema] = {
    "label": said(TEXT, "指标"),
    "value": said(TEXT, "数值"),
    "unit": said(TEXT, "单位"),
    "explanation": said(TEXT, "如何计算"),
    "url": said(TEXT, "明细的网址"),
}
HIT: dict[str, Schema] = {
    "title": said(TEXT, "标题"),
    "url": said(URL, "网址"),
    "on": said(DAY, "日期"),
    "agency": said(TEXT, "发布机构"),
    "number": said(TEXT, "文号"),
    "column": said(TEXT, "栏目代码"),
    "column_name": said(TEXT, "栏目"),
    "validity": said(TEXT, "有效性"),
    "snippet": said(TEXT, "摘录", "纯文本"),
}
_YEAR: Schema = {"type": "integer", "minimum": 1949}

# Name of a schema → what the files by it are, and their fields.
FILES: dict[str, tuple[str, dict[str, Schema]]] = {
    "item": ("一条政府信息", ITEM),
    "items": (
        "一个栏目的信息，按进入栏目的先后分成若干文件",
        {
            **HEAD,
            "column": said(TEXT, "栏目代码"),
            "column_name": said(TEXT, "栏目"),
            "part": said({"type": "integer", "minimum": 1}, "文件编号"),
            "items": said(rows(thing({**BASE, "validity": said(TEXT, "有效性")})), "信息"),
        },
    ),
    "column": ("一个栏目和它的数据文件", {**HEAD, **COLUMN}),
    "catalogue": ("政府信息公开目录", {**HEAD, "columns": said(rows(thing(COLUMN)), "栏目")}),
    "agencies": ("机关和政府信息公开工作机构", {**HEAD, "agencies": said(rows(thing(AGENCY)), "机关")}),
    "normative": (
        "规章和行政规范性文件，按印发年份",
        {**HEAD, "year": said(_YEAR, "印发年份"), "documents": said(rows(thing(DOCUMENT)), "文件")},
    ),
    "letters": (
        "来信选登，按发布年份",
        {**HEAD, "year": said(_YEAR, "发布年份"), "letters": said(rows(thing(LETTER)), "来信和答复")},
    ),
    "years": (
        "按年份分开的数据有哪些年份",
        {
            **HEAD,
            "years": said(
                rows(
                    thing({"year": said(_YEAR, "年份"), "json": said(URL, "JSON"), "csv": said(URL, "CSV")})
                ),
                "年份",
            ),
        },
    ),
    "statistics": (
        "当年的统计数字",
        {**HEAD, "year": said(_YEAR, "年份"), "figures": said(rows(thing(FIGURE)), "数字")},
    ),
    "search": (
        "检索结果",
        {
            **HEAD,
            "query": said(TEXT, "检索词"),
            "total": said(COUNT, "条数"),
            "page": said({"type": "integer", "minimum": 1}, "页码"),
            "pages": said(COUNT, "页数"),
            "loose": said(
                {"type": "boolean"}, "放宽检索", "没有同时含有全部检索词的信息，所列只含其中一部分"
            ),
            "hits": said(rows(thing(HIT)), "结果"),
        },
    ),
    "problem": (
        "错误",
        {"status": said({"type": "integer"}, "状态码"), "detail": said(TEXT, "说明")},
    ),
}


def schema(name: str, origin: str = "") -> Schema:
    """One schema. origin: scheme and host of the site, for a schema that stands by itself. KeyError for no such name."""
    title, fields = FILES[name]
    alone = {"$schema": DIALECT, "$id": f"{origin}{machine.schema_address(name)}"} if origin else {}
    return {**alone, "title": title, **thing(fields)}

"""The JSON Schemas (draft 2020-12) of a report and of the data of all reports, made from the form itself.

`report()` describes report.json beside each public report; `collection()` describes reports.json of the open
data. Both say of every figure what it counts, so that they are the description of the format too.
"""

from typing import Any

from gongkai.rulebook.report_form import (
    CHARGE_DECIMALS,
    DISCLOSURE_BLOCKS,
    FORM_2021,
    TABLE_LABELS,
    UNDIVIDED_ROW,
    Column,
    Row,
    TableName,
    columns_of,
    row_keys,
    row_of,
)

DIALECT = "https://json-schema.org/draft/2020-12/schema"
REPORT_ADDRESS = "/reports/schema.json"
COLLECTION_ADDRESS = "/reports/data/schema.json"
# Wide enough for any country, small enough for every program's whole numbers.
MOST = 2**53 - 1
Schema = dict[str, Any]


def report(origin: str) -> Schema:
    """The schema of report.json. origin: scheme and host of the site."""
    return {
        "$schema": DIALECT,
        "$id": f"{origin}{REPORT_ADDRESS}",
        "title": "政府信息公开工作年度报告",
        "description": f"一份年度报告的全部数据（{FORM_2021}）。空值（null）表示该格未填，不是0。",
        **_object(
            {
                "$schema": {"type": "string", "description": "本格式说明的地址"},
                "form": {"enum": ["2021"], "description": "报告格式的年份"},
                "standard": {"const": FORM_2021},
                "agency_code": {"type": ["string", "null"], "description": "机关代码；草稿为空"},
                "agency": {"type": "string", "minLength": 1, "description": "机关名称"},
                "year": {"$ref": "#/$defs/year"},
                "title": {"type": "string", "minLength": 1},
                **_tables(),
                "narrative_figures": {
                    "type": "object",
                    "description": "正文中引用的数字，键为指标代码",
                    "additionalProperties": {"$ref": "#/$defs/number"},
                },
                "manual_figures": {
                    "type": "object",
                    "description": "经审批人工填报的数字和理由（C15）",
                    "additionalProperties": _object(
                        {"value": {"$ref": "#/$defs/number"}, "reason": {"type": "string"}}
                    ),
                },
                "starts": {
                    "type": "object",
                    "description": "起算日早于当年1月1日的累计数字和起算日",
                    "additionalProperties": {"type": "string", "format": "date"},
                },
                "narrative": {
                    **_object(
                        {name: {"type": "string"} for name in ("opening", "overview", "problems", "other")}
                    ),
                    "description": "开头和第一、五、六部分的文字",
                },
                "correction": {
                    "type": ["string", "null"],
                    "description": "公布后更正的，更正了什么、为什么更正；没有更正的为空",
                },
                "frozen": {
                    "description": "所公布内容的摘要值（SM3）、送审稿序号、提交和公布的时间；草稿为空",
                    "anyOf": [
                        {"type": "null"},
                        _object(
                            {
                                "digest": {"$ref": "#/$defs/digest"},
                                "revision": {"type": "integer", "minimum": 1},
                                "submitted": {"type": "string", "format": "date-time"},
                                "released": {"type": "string", "format": "date-time"},
                            }
                        ),
                    ],
                },
            }
        ),
        "$defs": _definitions(),
    }


def collection(origin: str) -> Schema:
    """The schema of reports.json: the tables of every agency and year. origin: scheme and host of the site."""
    entry = _object(
        {
            "agency_code": {"type": "string", "description": "机关代码"},
            "agency": {"type": "string", "minLength": 1, "description": "机关名称"},
            "year": {"$ref": "#/$defs/year"},
            "source": {
                "enum": ["records", "taken_over"],
                "description": "records：由本系统办理记录统计并经审批公布；taken_over：载入自此前公布的年度报告文件",
            },
            "file": {"type": ["string", "null"], "description": "载入的文件名；由记录统计的为空"},
            "digest": {"$ref": "#/$defs/digest"},
            "released": {
                "type": ["string", "null"],
                "format": "date-time",
                "description": "公布时间；载入的为空",
            },
            "page": {"type": ["string", "null"], "description": "报告页面的地址；载入的为空"},
            **_tables(),
        }
    )
    return {
        "$schema": DIALECT,
        "$id": f"{origin}{COLLECTION_ADDRESS}",
        "title": "政府信息公开工作年度报告汇总数据",
        "description": "全部机关、全部年度已公布年度报告的三张表。空值（null）表示该格未填，不是0。",
        **_object(
            {
                "$schema": {"type": "string"},
                "updated": {
                    "type": ["string", "null"],
                    "format": "date-time",
                    "description": "最近一次公布、更正或者撤下年度报告的时间",
                },
                "licence": {"type": "string"},
                "reports": {"type": "array", "items": entry},
            }
        ),
        "$defs": _definitions(),
    }


def _object(properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _definitions() -> Schema:
    return {
        "year": {"type": "integer", "minimum": 2008, "maximum": 9999, "description": "报告年度"},
        "digest": {"type": "string", "pattern": "^[0-9a-f]{64}$", "description": "SM3摘要值"},
        "count": {"type": ["integer", "null"], "minimum": 0, "maximum": MOST},
        "number": {
            "anyOf": [{"type": ["integer", "null"]}, {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}]
        },
        "amount": {
            "type": ["string", "null"],
            "pattern": r"^[0-9]+(\.[0-9]+)?$",
            "description": f"万元，写作字符串，保留{CHARGE_DECIMALS}位小数",
        },
    }


def _tables() -> Schema:
    grounds = {row.key: block.article for block in DISCLOSURE_BLOCKS for row in block.rows}
    return {
        "disclosure": _table(
            "disclosure",
            {
                key: _row("disclosure", row_of("disclosure", key), grounds[key])
                for key in row_keys("disclosure")
            },
        ),
        "applications": {
            **_table(
                "applications",
                {key: _row("applications", row_of("applications", key)) for key in row_keys("applications")},
            ),
            "additionalProperties": False,
        },
        "remedies": _table(
            "remedies", {key: _row("remedies", row_of("remedies", key)) for key in row_keys("remedies")}
        ),
    }


def _table(name: TableName, rows: Schema) -> Schema:
    made = _object(rows)
    if name == "applications":
        # A report in the form of 2019 has row 三（六）undivided.
        made["properties"][UNDIVIDED_ROW.key] = _row(name, UNDIVIDED_ROW)
    return {**made, "type": ["object", "null"], "description": TABLE_LABELS[name]}


def _row(table: TableName, row: Row, ground: str = "") -> Schema:
    columns = columns_of(table, row.key)
    words = f"{row.full_label}（{ground or row.article}）" if ground or row.article else row.full_label
    if row.key == "charges":
        return {"$ref": "#/$defs/amount", "title": words, "description": columns[0].label}
    if len(columns) == 1:
        return {"$ref": "#/$defs/count", "title": words, "description": columns[0].label}
    return {
        "type": "array",
        "title": words,
        "prefixItems": [{"$ref": "#/$defs/count", "title": _label(column)} for column in columns],
        "minItems": len(columns),
        "items": False,
    }


def _label(column: Column) -> str:
    return f"{column.group}·{column.label}" if column.group else column.label

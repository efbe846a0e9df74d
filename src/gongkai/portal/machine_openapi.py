"""The OpenAPI 3.1 document of what the public may read: the files under /data/ and the search."""

from typing import Any

from gongkai.channels.identity import Identity
from gongkai.portal import machine, machine_schemas
from gongkai.portal.machine import SHELF

ADDRESS = f"/{SHELF}/openapi.json"
VERSION = "1.0.0"
SEARCH = "/search/api/"
_CODE = {
    "name": "code",
    "in": "path",
    "required": True,
    "schema": {"type": "string"},
    "description": "栏目代码",
}
_PART = {
    "name": "part",
    "in": "path",
    "required": True,
    "schema": {"type": "integer", "minimum": 1},
    "description": "文件编号，从1到栏目的parts",
}
_YEAR = {
    "name": "year",
    "in": "path",
    "required": True,
    "schema": {"type": "integer", "minimum": 1949},
    "description": "年份",
}
_FOLDER = {
    "name": "folder",
    "in": "path",
    "required": True,
    "schema": {"type": "string"},
    "description": "索引号，“/”写成“-”",
}
# Address, operation, summary, schema of the JSON (or None for a table), parameters.
FILES: tuple[tuple[str, str, str, str | None, tuple[dict[str, Any], ...]], ...] = (
    (f"/{SHELF}/catalogue.json", "catalogue", "政府信息公开目录", "catalogue", ()),
    (f"/{SHELF}/catalogue.csv", "catalogueTable", "政府信息公开目录（表格）", None, ()),
    (f"/{SHELF}/columns/{{code}}/index.json", "column", "一个栏目", "column", (_CODE,)),
    (f"/{SHELF}/columns/{{code}}/{{part}}.json", "columnItems", "一个栏目的信息", "items", (_CODE, _PART)),
    (
        f"/{SHELF}/columns/{{code}}/{{part}}.csv",
        "columnTable",
        "一个栏目的信息（表格）",
        None,
        (_CODE, _PART),
    ),
    ("/items/{folder}/index.json", "item", "一条信息的全文和元数据", "item", (_FOLDER,)),
    (f"/{SHELF}/agencies.json", "agencies", "机关和公开工作机构", "agencies", ()),
    (f"/{SHELF}/agencies.csv", "agenciesTable", "机关和公开工作机构（表格）", None, ()),
    (f"/{SHELF}/normative/index.json", "normativeYears", "规章和规范性文件的年份", "years", ()),
    (f"/{SHELF}/normative/{{year}}.json", "normative", "某年印发的规章和规范性文件", "normative", (_YEAR,)),
    (
        f"/{SHELF}/normative/{{year}}.csv",
        "normativeTable",
        "某年印发的规章和规范性文件（表格）",
        None,
        (_YEAR,),
    ),
    (f"/{SHELF}/letters/index.json", "lettersYears", "来信选登的年份", "years", ()),
    (f"/{SHELF}/letters/{{year}}.json", "letters", "某年发布的来信和答复", "letters", (_YEAR,)),
    (f"/{SHELF}/letters/{{year}}.csv", "lettersTable", "某年发布的来信和答复（表格）", None, (_YEAR,)),
    (f"/{SHELF}/statistics.json", "statistics", "当年的统计数字", "statistics", ()),
    (f"/{SHELF}/statistics.csv", "statisticsTable", "当年的统计数字（表格）", None, ()),
    ("/reports/data/reports.json", "reports", "全部年度报告的数字", "reports", ()),
    ("/reports/data/reports.csv", "reportsTable", "全部年度报告的数字（表格）", None, ()),
    ("/reports/data/{year}.csv", "reportsOfYear", "某年全部年度报告的数字（表格）", None, (_YEAR,)),
)


def document(site: Identity) -> dict[str, Any]:
    """The whole document."""
    paths = {
        address: {
            "get": {
                "operationId": operation,
                "summary": summary,
                "tags": ["search" if address == SEARCH else "files"],
                **({"parameters": list(parameters)} if parameters else {}),
                "responses": {"200": _answer(schema), "404": {"description": "没有这个文件，或者已经撤下"}},
            }
        }
        for address, operation, summary, schema, parameters in FILES
    }
    schemas = {name: machine_schemas.schema(name) for name in machine_schemas.FILES}
    schemas["reports"] = {"$ref": f"{site.origin}/reports/data/schema.json"}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{site.name}：开放数据",
            "version": VERSION,
            "description": "公开平台上的数据都是静态文件：地址固定，随发布、更正和撤下立即更新，不需要登记和密钥，可从任何网页读取。",
            "license": {"name": site.data_licence, "url": f"{site.origin}/{SHELF}/"},
            "contact": {"name": site.sponsor or site.name, "url": f"{site.origin}/guide/"},
        },
        "servers": [{"url": site.origin}],
        "tags": [
            {"name": "files", "description": "静态文件"},
            {"name": "search", "description": "检索（需要服务器）"},
        ],
        "paths": {**paths, SEARCH: _search()},
        "components": {"schemas": schemas},
    }


def _answer(schema: str | None) -> dict[str, Any]:
    if schema is None:
        return {
            "description": "CSV（UTF-8带标记），第一行是列名",
            "content": {"text/csv": {"schema": {"type": "string"}}},
        }
    return {
        "description": "JSON",
        "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}},
    }


def _search() -> dict[str, Any]:
    def asked(name: str, words: str, schema: dict[str, Any]) -> dict[str, Any]:
        return {"name": name, "in": "query", "required": False, "schema": schema, "description": words}

    def problem(words: str) -> dict[str, Any]:
        schema = {"$ref": "#/components/schemas/problem"}
        return {"description": words, "content": {"application/problem+json": {"schema": schema}}}

    return {
        "get": {
            "operationId": "search",
            "summary": "检索",
            "tags": ["search"],
            "parameters": [
                asked("q", "检索词；没有的列出最新信息", {"type": "string", "maxLength": 200}),
                asked("column", "栏目代码", {"type": "string"}),
                asked("year", "年份", {"type": "string", "pattern": "^[0-9]{4}$"}),
                asked("page", "页码", {"type": "integer", "minimum": 1, "default": 1}),
            ],
            "responses": {
                "200": _answer("search"),
                "400": problem("参数不对，说明哪一个"),
                "503": problem("索引正在重建，请稍后再试"),
            },
        }
    }


def pages(site: Identity) -> list[tuple[str, bytes]]:
    """The document and every schema at its address."""
    made = [
        (
            machine.schema_address(name).removeprefix("/"),
            machine.dumped(machine_schemas.schema(name, site.origin)),
        )
        for name in machine_schemas.FILES
    ]
    return [*made, (ADDRESS.removeprefix("/"), machine.dumped(document(site)))]

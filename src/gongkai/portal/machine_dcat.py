"""The catalogue of data sets as DCAT (W3C DCAT 3, terms of DCAT-AP): which there are, by whom, in which files, on which terms."""

from collections.abc import Iterable
from typing import Any

from gongkai.channels.identity import Identity
from gongkai.disclosure.models import Item
from gongkai.portal import machine
from gongkai.portal.machine import SHELF, Row, day
from gongkai.portal.machine_openapi import ADDRESS as OPENAPI

ADDRESS = f"/{SHELF}/catalog.jsonld"
_FREQUENCY = "http://publications.europa.eu/resource/authority/frequency/"
_TYPES = "http://www.iana.org/assignments/media-types/"
MEDIA = {"json": "application/json", "csv": "text/csv", "xml": "application/atom+xml"}
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def datasets(columns: Iterable[Row]) -> list[Row]:
    """What data there is: {key, title, words, landing, files: [(label, address, format)], keywords}."""
    whole = [
        {
            "key": "catalogue",
            "title": "政府信息公开目录",
            "words": "全部栏目、各栏目的公开条数、订阅地址和数据文件。",
            "landing": "/catalogue/",
            "files": [
                ("JSON", f"/{SHELF}/catalogue.json", "json"),
                ("CSV", f"/{SHELF}/catalogue.csv", "csv"),
                ("最新信息（Atom）", "/feed.xml", "xml"),
            ],
        },
        {
            "key": "normative",
            "title": "规章和行政规范性文件",
            "words": "现行和已经失效的文件，含有效性和依据，按印发年份分开。",
            "landing": "/normative/",
            "files": [("JSON（年份）", f"/{SHELF}/normative/index.json", "json")],
        },
        {
            "key": "letters",
            "title": "来信选登",
            "words": "公开答复的来信，不含来信人信息，按发布年份分开。",
            "landing": "/letters/",
            "files": [("JSON（年份）", f"/{SHELF}/letters/index.json", "json")],
        },
        {
            "key": "reports",
            "title": "政府信息公开工作年度报告",
            "words": "历年年度报告的全部数字。",
            "landing": "/reports/data/",
            "files": [
                ("JSON", "/reports/data/reports.json", "json"),
                ("CSV", "/reports/data/reports.csv", "csv"),
            ],
        },
        {
            "key": "agencies",
            "title": "机关和政府信息公开工作机构",
            "words": "名称、地址、办公时间和联系方式（条例第十二条）。",
            "landing": "/guide/",
            "files": [
                ("JSON", f"/{SHELF}/agencies.json", "json"),
                ("CSV", f"/{SHELF}/agencies.csv", "csv"),
            ],
        },
        {
            "key": "statistics",
            "title": "当年统计数字",
            "words": "本年公开信息、申请办理等数字，与首页一致。",
            "landing": "/",
            "files": [
                ("JSON", f"/{SHELF}/statistics.json", "json"),
                ("CSV", f"/{SHELF}/statistics.csv", "csv"),
            ],
        },
    ]
    of_columns = [
        {
            "key": f"column-{column['code']}",
            "title": f"栏目：{column['name']}",
            "words": column["description"] or column["name"],
            "landing": column["url"],
            "files": [
                ("JSON", f"/{machine.column_folder(column['code'])}/index.json", "json"),
                ("Atom", f"{column['url']}feed.xml", "xml"),
            ],
        }
        for column in columns
        if column["count"]
    ]
    return [*whole, *of_columns]


def catalogue(site: Identity, columns: Iterable[Row]) -> dict[str, Any]:
    """The JSON-LD document."""
    home = f"{site.origin}/{SHELF}/"
    first = (
        Item.objects.filter(state=Item.State.PUBLIC).order_by("listed_at").values_list("listed_at").first()
    )
    since = day(first[0].date()) if first and first[0] else None
    publisher = {"@id": f"{site.origin}/#publisher"}
    found = datasets(columns)
    return {
        "@context": CONTEXT,
        "@graph": [
            {
                "@id": publisher["@id"],
                "@type": "foaf:Agent",
                "foaf:name": site.sponsor or site.name,
                "foaf:homepage": {"@id": f"{site.origin}/"},
            },
            {
                "@id": home,
                "@type": "dcat:Catalog",
                "dct:title": f"{site.name}：开放数据",
                "dct:description": "公开平台上全部数据集的目录。",
                "dct:language": "zh-Hans",
                "dct:publisher": publisher,
                "foaf:homepage": {"@id": home},
                "dct:rights": {"@id": f"{home}#licence"},
                "dcat:dataset": [{"@id": f"{home}#{one['key']}"} for one in found],
                "dcat:service": {"@id": f"{site.origin}{OPENAPI}"},
            },
            {"@id": f"{home}#licence", "@type": "dct:RightsStatement", "dct:description": site.data_licence},
            {
                "@id": f"{site.origin}{OPENAPI}",
                "@type": "dcat:DataService",
                "dct:title": "检索和数据文件",
                "dcat:endpointURL": {"@id": f"{site.origin}/"},
                "dcat:endpointDescription": {"@id": f"{site.origin}{OPENAPI}"},
                "dcat:servesDataset": [{"@id": f"{home}#{one['key']}"} for one in found],
            },
            *(_dataset(one, site, home, publisher, since) for one in found),
        ],
    }


def _dataset(one: Row, site: Identity, home: str, publisher: Row, since: str | None) -> dict[str, Any]:
    contact = {"@type": "vcard:Organization", "vcard:fn": site.sponsor or site.name}
    if site.contact:
        contact["vcard:hasTelephone"] = site.contact
    said: dict[str, Any] = {
        "@id": f"{home}#{one['key']}",
        "@type": "dcat:Dataset",
        "dct:identifier": one["key"],
        "dct:title": one["title"],
        "dct:description": one["words"],
        "dct:language": "zh-Hans",
        "dct:publisher": publisher,
        "dcat:contactPoint": contact,
        "dct:accrualPeriodicity": {"@id": f"{_FREQUENCY}CONT"},
        "dct:rights": {"@id": f"{home}#licence"},
        "dcat:theme": {"@id": "http://publications.europa.eu/resource/authority/data-theme/GOVE"},
        "dcat:keyword": ["政府信息公开"],
        "dcat:landingPage": {"@id": f"{site.origin}{one['landing']}"},
        "dcat:distribution": [
            {
                "@id": f"{site.origin}{address}",
                "@type": "dcat:Distribution",
                "dct:title": f"{one['title']}：{label}",
                "dcat:accessURL": {"@id": f"{site.origin}{address}"},
                "dcat:downloadURL": {"@id": f"{site.origin}{address}"},
                "dcat:mediaType": {"@id": f"{_TYPES}{MEDIA[form]}"},
                "dct:rights": {"@id": f"{home}#licence"},
            }
            for label, address, form in one["files"]
        ],
    }
    if since:
        said["dct:temporal"] = {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": {"@value": since, "@type": "xsd:date"},
        }
    return said

"""What programs read: files that say what the pages say, by their schemas, and nothing that is not public."""

import csv
import io
import json
from urllib.parse import unquote

import jsonschema_rs
import lxml.html
import pytest
from django.conf import settings
from django.test import Client

from gongkai.channels import site, tree
from gongkai.channels.models import ColumnEntry
from gongkai.config.sitefiles import SiteFiles
from gongkai.portal import machine_openapi, machine_schemas
from gongkai.review import releases
from gongkai.review.models import Release
from tests.channels.test_site_follows import with_files
from tests.items import drafted, released
from tests.portal import sites

ORIGIN = "https://www.example.gov.cn"


@pytest.fixture
def office(committed):
    return sites.written(committed)


def read(path):
    return json.loads(tree.read(unquote(path.removeprefix(ORIGIN).removeprefix("/"))))


def table(path):
    text = tree.read(path).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def fits(path):
    """The file, which must be as the schema says that it names."""
    said = read(path)
    jsonschema_rs.validator_for(read(said["$schema"]), validate_formats=True).validate(said)
    return said


def data_of(item):
    return f"items/{item.index_number.replace('/', '-')}/index.json"


def test_an_item_says_for_programs_what_its_page_says(office, at):
    with at(2021, 3, 2):
        item = with_files(office, document_number="西城改公〔2021〕15号", keywords="征收、补偿")
    said = fits(data_of(item))
    assert said["title"] == item.title and said["index_number"] == item.index_number
    assert said["formed_on"] == "2021-03-01" and said["published"].startswith("2021-03-02T")
    assert said["keywords"] == ["征收", "补偿"]
    assert "东至王城大道" in said["body_text"] and "<h2>" in said["body_html"]
    (file,) = said["attachments"]

    assert len(tree.read(unquote(file["url"].removeprefix(f"{ORIGIN}/")))) == file["size"]
    assert [step["step"] for step in said["review"]][-1] == "发布"
    assert said["release"]["digest"] == item.live.digest
    labels = {fact["label"]: fact["value"] for fact in said["facts"]}
    assert labels["索引号"] == item.index_number and labels["发文字号"] == "西城改公〔2021〕15号"
    page = tree.read(data_of(item).replace(".json", ".html")).decode()
    for fact in said["facts"]:
        assert fact["label"] in page


def test_the_lists_of_a_column_hold_its_items_as_json_and_csv(office):
    item = released(office, title="=cmd|calc")
    withdrawn = released(office, title="撤下的公告")
    releases.withdraw(
        office.actor("handler"), Release.objects.get(subject_id=withdrawn.pk), reason="error", note="数字有误"
    )
    column = fits("data/columns/21-c5/index.json")
    assert column["items"] == 1 and column["parts"] == 1
    (row,) = fits(column["json"].replace("{part}", "1"))["items"]
    assert row["title"] == "=cmd|calc" and row["data"] == f"{ORIGIN}/{data_of(item)}"
    (line,) = table("data/columns/21-c5/1.csv")
    # A spreadsheet runs no text of ours.
    assert line["标题"] == "'=cmd|calc" and line["索引号"] == item.index_number
    assert tree.read("data/columns/21-c5/1.csv").startswith("\ufeff".encode())


def test_nothing_that_is_not_public_stands_in_the_data(office):
    released(office)
    drafted(office, title="尚未公布的方案甲")
    gone = released(office, title="已经撤下的方案乙")
    releases.withdraw(
        office.actor("handler"), Release.objects.get(subject_id=gone.pk), reason="leak", note="涉密"
    )
    site.write_all()
    for path in tree.files():
        data = tree.read(path) or b""
        assert "方案甲".encode() not in data and "方案乙".encode() not in data, path
    assert tree.read(data_of(gone)) is None


def test_every_data_file_fits_its_schema_and_is_described(office):
    with_files(office, document_number="西城改规〔2021〕1号", normative=True)
    site.write_all()
    described = read("data/openapi.json")["paths"]
    for path in tree.files():
        data = path.endswith(".json") and path.startswith(("data/", "items/"))
        if data and "/schemas/" not in path and path != "data/openapi.json":
            fits(path)
    for address in ("/data/catalogue.json", "/items/{folder}/index.json", machine_openapi.SEARCH):
        assert address in described
    register = fits("data/normative/2021.json")
    assert register["documents"][0]["validity"] == "有效"
    assert table("data/normative/2021.csv")[0]["发文字号"] == "西城改规〔2021〕1号"
    assert fits("data/normative/index.json")["years"][0]["year"] == 2021
    assert {row["label"] for row in fits("data/statistics.json")["figures"]}
    assert fits("data/agencies.json")["agencies"]


def test_every_address_of_the_openapi_document_without_a_variable_answers(office):
    released(office)
    said = read("data/openapi.json")
    assert said["openapi"] == "3.1.0"
    names = set(said["components"]["schemas"])
    for address, way in said["paths"].items():
        answer = way["get"]["responses"]["200"]["content"]
        for media in answer.values():
            reference = media["schema"].get("$ref", "")
            assert not reference or reference.rpartition("/")[2] in names
        variables = {part["name"] for part in way["get"].get("parameters", ()) if part["in"] == "path"}
        assert all(f"{{{name}}}" in address for name in variables) and address.count("{") == len(variables)
        if not variables and address != machine_openapi.SEARCH:
            assert tree.read(address[1:]) is not None, address


def test_the_search_answers_programs(office):
    item = released(office)
    client = Client()
    answer = client.get(machine_openapi.SEARCH, {"q": "棚户区改造"})
    said = answer.json()
    jsonschema_rs.validator_for(machine_schemas.schema("search", ORIGIN)).validate(said)
    assert said["total"] == 1 and said["hits"][0]["title"] == item.title
    assert said["hits"][0]["url"].startswith(f"{ORIGIN}/items/")
    assert "<" not in said["hits"][0]["snippet"]
    for wrong in ({"page": "0"}, {"page": "x"}, {"page": "-1"}, {"year": "21"}, {"q": "长" * 201}):
        refused = client.get(machine_openapi.SEARCH, wrong)
        assert refused.status_code == 400 and refused["Content-Type"] == "application/problem+json"
        assert refused.json()["detail"].startswith(next(iter(wrong)))
    assert client.post(machine_openapi.SEARCH).status_code == 405


def test_programs_of_other_sites_may_read_the_data_and_nothing_else(office):
    item = with_files(office)
    layer = SiteFiles(settings.INSTANCE.home / "site", settings.INSTANCE.home / "static", None, ())
    folder = f"/{data_of(item).removesuffix('index.json')}"
    for path in ("/data/catalogue.json", "/data/catalogue.csv", "/feed.xml", f"{folder}index.json"):
        status, headers, _body = sites.get(layer, path)
        assert status == 200 and headers["access-control-allow-origin"] == "*"
    attached = next(path for path in tree.files() if "/files/" in path)
    for path in ("/", folder, f"/{attached}", "/data/", "/robots.txt"):
        status, headers, _body = sites.get(layer, path)
        assert status == 200 and "access-control-allow-origin" not in headers
    assert sites.get(layer, "/data/catalog.jsonld")[1]["content-type"] == "application/ld+json"


def test_pages_say_for_search_engines_what_they_are(office):
    item = released(
        office, title="关于</script><b>的公告", document_number="西城改规〔2021〕2号", normative=True
    )

    def linked(path):
        root = lxml.html.document_fromstring(tree.read(path).decode())
        (script,) = root.xpath("//script[not(@src)]")
        assert script.get("type") == "application/ld+json"
        return {node["@type"]: node for node in json.loads(script.text)["@graph"]}

    page = linked(data_of(item).replace(".json", ".html"))
    law = page["Legislation"]
    assert law["name"] == item.title and law["legislationIdentifier"] == "西城改规〔2021〕2号"
    assert law["legislationLegalForce"] == "https://schema.org/InForce"
    assert page["BreadcrumbList"]["itemListElement"][0]["name"] == "首页"
    assert linked("index.html")["WebSite"]["potentialAction"]["@type"] == "SearchAction"


def test_the_data_sets_are_listed_for_catalogues_of_data(office):
    released(office)
    graph = read("data/catalog.jsonld")["@graph"]
    known = {node["@id"] for node in graph}
    (catalogue,) = [node for node in graph if node["@type"] == "dcat:Catalog"]
    assert catalogue["dct:publisher"]["@id"] in known
    for dataset in catalogue["dcat:dataset"]:
        assert dataset["@id"] in known
    sets = [node for node in graph if node["@type"] == "dcat:Dataset"]
    for one in sets:
        assert one["dct:title"] and one["dct:description"] and one["dct:temporal"]
        for file in one["dcat:distribution"]:
            address = file["dcat:downloadURL"]["@id"].removeprefix(f"{ORIGIN}/")
            assert tree.read(address) is not None, address
    assert any(one["dct:identifier"] == "column-21-c5" for one in sets)


def test_the_page_of_open_data_leads_to_files_that_are_there(office):
    released(office)
    root = lxml.html.document_fromstring(tree.read("data/index.html").decode())
    for link in root.xpath("//main//a/@href"):
        path = link.lstrip("/")
        assert tree.read(f"{path}index.html" if link.endswith("/") else path) is not None, link


def test_a_release_rewrites_no_list_of_another_column_and_no_old_part(office, monkeypatch):
    from gongkai.channels import feeds

    monkeypatch.setattr(feeds, "IN_MAP", 2)
    for number in range(5):
        released(office, title=f"第{number}号公告")
    released(office, title="别的栏目", column="20-02")
    assert ColumnEntry.objects.filter(column__code="21-c5").count() == 5
    before = {path: tree.read(path) for path in tree.files("data")}
    released(office, title="又一号公告")
    changed = {path for path in tree.files("data") if tree.read(path) != before.get(path)}
    assert "data/columns/21-c5/3.json" in changed
    assert not changed & {
        "data/columns/21-c5/1.json", "data/columns/21-c5/2.json", "data/columns/20-02/1.json",
        "data/columns/20-02/index.json",
    }  # fmt: skip
    assert not [one for one in site.verify() if one.path.startswith(("data/", "columns/", "feed.xml"))]

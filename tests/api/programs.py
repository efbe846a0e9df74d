"""Programs that call, as the tests write them."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.test import Client

from gongkai.api import integrations
from gongkai.api.models import Integration, Scope
from gongkai.journal import clock
from tests.applications.cases import ID

EVERY = tuple(Scope.values)


@dataclass
class Program:
    """An integration with its token, and calls with it."""

    row: Integration
    token: str
    language: str = "en"
    address: str = "10.1.2.3"

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The answer to a call under /api/v1/."""
        asked = {"Authorization": f"Bearer {self.token}", "Accept-Language": self.language} | headers
        data = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        return Client(raise_request_exception=False).generic(
            method, f"/api/v1/{path}", headers=asked, REMOTE_ADDR=self.address, **data
        )

    def get(self, path: str, **headers: str) -> Any:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any, **headers: str) -> Any:
        return self.call("POST", path, body, **headers)

    def act(self, case: Any, key: str, **said: Any) -> Any:
        return self.post(f"applications/{case.pk}/acts/{key}", said)


def proposed(office: Any, person: str = "handler", **more: Any) -> Integration:
    """An integration that waits for confirmation."""
    said = {
        "name": "一网通办",
        "purpose": "收件同步",
        "contact": "演示·信息中心",
        "agency": office.agency,
        "person": office.people[person],
        "scopes": EVERY,
        "expires_on": clock.today() + timedelta(days=365),
        "per_minute": 6000,
    }
    return integrations.propose(office.actor("system", "administration"), **said | more)


def program(office: Any, person: str = "handler", **more: Any) -> Program:
    """A program with a token: proposed, confirmed, issued."""
    row = proposed(office, person, **more)
    integrations.confirm(office.actor("security", "administration"), row)
    row.refresh_from_db()
    return Program(row, integrations.issue(office.actor("system", "administration"), row))


def application(office: Any, **more: Any) -> dict[str, Any]:
    """The body of an application that came to the counter today."""
    return {
        "agency": str(office.agency.pk),
        "channel": "counter",
        "arrived": clock.today().isoformat(),
        "addressee": "agency",
        "applicant_kind": "natural_person",
        "name": "张三丰",
        "identity": "resident_id",
        "identity_number": ID,
        "phone": "13800138000",
        "title": "健康路棚户区改造项目征收补偿方案",
        "description": "2020年健康路棚户区改造的补偿标准",
        "form": "electronic",
        "way": "online",
        "submission": str(uuid4()),
    } | more


def amendment(office: Any, **more: Any) -> dict[str, Any]:
    """The body of a request to amend a record that came to the counter today."""
    body = application(office)
    for name in ("title", "description", "form"):
        del body[name]
    return (
        body
        | {
            "record": "健康路棚户区改造登记表第12号",
            "wrong": "登记的房屋面积为48平方米",
            "proof": "不动产权证书，载明84平方米",
            "correction": "84平方米",
        }
        | more
    )


def least(schema: dict[str, Any], schemas: dict[str, Any]) -> Any:
    """The least value that a schema of the document takes."""
    if "$ref" in schema:
        return least(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    if "anyOf" in schema:
        return least(schema["anyOf"][0], schemas)
    if "enum" in schema:
        return schema["enum"][0]
    if "const" in schema:
        return schema["const"]
    if schema["type"] == "object":
        required = schema.get("required", ())
        return {name: least(schema["properties"][name], schemas) for name in required}
    if schema["type"] == "string":
        plain = {"date": clock.today().isoformat(), "uuid": str(uuid4())}
        return plain.get(schema.get("format", ""), "演示")
    return {"integer": schema.get("minimum", 1), "boolean": False, "array": []}[schema["type"]]


def body_for(path: str, method: str = "post") -> Any:
    """The least body that the document allows for an operation."""
    return least(*_body(path, method))


def fields_of(path: str, method: str = "post") -> set[str]:
    """The names of the fields that the document has for the body of an operation."""
    schema, schemas = _body(path, method)
    return set(schemas[schema["$ref"].rpartition("/")[2]]["properties"])


def _body(path: str, method: str) -> tuple[dict[str, Any], dict[str, Any]]:
    from gongkai.api.document import document

    found = document()
    content = found["paths"][path][method]["requestBody"]["content"]["application/json"]
    return content["schema"], found["components"]["schemas"]

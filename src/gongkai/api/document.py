"""The OpenAPI document, and the same as a page for people; neither holds anything of a case."""

from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation

from gongkai.api import act_calls, case_calls, intake_calls, letter_calls, other_calls
from gongkai.api.door import api

# Importing a module of calls declares its operations, in this order.
CALLS = (other_calls, case_calls, intake_calls, act_calls, letter_calls)


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """The OpenAPI 3.1 document of every operation."""
    with translation.override("en"):
        return dict(api.get_openapi_schema(path_prefix="/api/v1/"))


def openapi(request: HttpRequest) -> HttpResponse:
    """The document as JSON."""
    return JsonResponse(document(), json_dumps_params={"ensure_ascii": False})


def page(request: HttpRequest) -> HttpResponse:
    """The document as a page: every operation with its fields and refusals; nothing is loaded from elsewhere."""
    found = document()
    schemas = found["components"]["schemas"]
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, methods in found["paths"].items():
        for method, operation in methods.items():
            groups.setdefault(operation["tags"][0], []).append(_operation(path, method, operation, schemas))
    return render(request, "api/document.html", {"info": found["info"], "groups": groups})


def _operation(path: str, method: str, operation: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    # The marks of Markdown are for tools.
    paragraphs = operation["description"].replace("`", "").split("\n\n")
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": operation["summary"],
        "paragraphs": paragraphs,
        "parameters": [
            {
                "name": each["name"],
                "place": each["in"],
                "required": each["required"],
                "kind": _kind(each["schema"]),
                "words": each.get("description", ""),
            }
            for each in operation["parameters"]
        ],
        "fields": _fields(body, schemas) if body else [],
        "has_body": body is not None,
        "responses": [
            {"status": status, "words": each["description"], "shape": _shape(each)}
            for status, each in sorted(operation["responses"].items())
        ],
    }


def _fields(schema: dict[str, Any], schemas: dict[str, Any]) -> list[dict[str, Any]]:
    found = _resolved(schema, schemas)
    required = found.get("required", ())
    return [
        {
            "name": name,
            "kind": _kind(each),
            "required": name in required,
            "words": each.get("description", ""),
        }
        for name, each in found.get("properties", {}).items()
    ]


def _resolved(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        return dict(schemas[schema["$ref"].rpartition("/")[2]])
    return schema


def _kind(schema: dict[str, Any]) -> str:
    """The type of a value, in words."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        return " | ".join(_kind(each) for each in schema["anyOf"] if each.get("type") != "null")
    if "enum" in schema:
        return " | ".join(str(each) for each in schema["enum"])
    if "const" in schema:
        return str(schema["const"])
    if schema.get("type") == "array":
        return f"[{_kind(schema.get('items', {}))}]"
    return str(schema.get("format") or schema.get("type", "any"))


def _shape(response: dict[str, Any]) -> str:
    for media, content in response.get("content", {}).items():
        return _kind(content["schema"]) if media == "application/json" else media
    return ""

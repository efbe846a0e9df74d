"""The one door of the interface: how an operation is declared, what it asks for, how it refuses."""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.renderers import JSONRenderer

from gongkai.api.bodies import Body
from gongkai.api.callers import Caller, Token
from gongkai.api.problems import Refusal, handle, wrong_fields

VERSION = "1"
# How every operation with a token may refuse; more where it takes a body or names something.
ALWAYS = (401, 403, 422, 429)
WITH_BODY = (400, 409, 413, 415)


class Json(JSONRenderer):
    """Chinese as it is read, not as escapes."""

    json_dumps_params = {"ensure_ascii": False}


api = NinjaAPI(
    title="Gongkai",
    version=VERSION,
    description="Disclosure of government information on application, for other programs of the agency.",
    urls_namespace="api",
    openapi_url=None,
    docs_url=None,
    parser=Body(),
    renderer=Json(),
)
handle(api)


def caller_of(request: HttpRequest) -> Caller:
    """Who calls, as the token said."""
    caller = request.auth  # type: ignore[attr-defined]
    assert isinstance(caller, Caller)
    return caller


def offer(
    method: str,
    path: str,
    answer: Any,
    *,
    scopes: tuple[str, ...] = (),
    tag: str,
    status: int = 200,
    also: tuple[int, ...] = (),
    answers: dict[int, Any] | None = None,
    name: str = "",
    summary: str = "",
    about: str = "",
    extra: dict[str, Any] | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare an operation: its answer, the scopes that its token needs, and every way in which it refuses.

    also: refusals beyond `ALWAYS` (a body brings its own); answers: other good answers by status; name: the
    operationId; about: for the document, instead of the docstring.
    """
    refusals = (*ALWAYS, *also, *(WITH_BODY if method == "POST" else ()))

    def declare(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def strict(request: HttpRequest, **given: Any) -> Any:
            _no_other_parameters(request, operation)
            return view(request, **given)

        words = about or inspect.getdoc(view) or ""
        needed = f"Scope: {', '.join(f'`{scope}`' for scope in scopes)}." if scopes else "Any token."
        api.api_operation(
            [method],
            path,
            auth=Token(*scopes),
            response={status: answer, **(answers or {}), **dict.fromkeys(sorted(set(refusals)), Refusal)},
            operation_id=name or view.__name__,
            summary=summary or " ".join(words.split()).partition(". ")[0].partition(": ")[0].rstrip("."),
            description="\n\n".join([*(" ".join(part.split()) for part in words.split("\n\n")), needed]),
            tags=[tag],
            openapi_extra=extra,
        )(strict)
        operation = strict._ninja_operation  # type: ignore[attr-defined]
        return view

    return declare


def _no_other_parameters(request: HttpRequest, operation: Any) -> None:
    """Refuse a parameter of the address that the operation does not know: a filter that is misspelt must not
    answer with everything."""
    known = {
        name
        for model in operation.models
        if model.__ninja_param_source__ == "query"
        for name in model.__ninja_flatten_map__
    }
    if unknown := sorted(set(request.GET) - known):
        words = _("There is no such parameter here; leave it out.")
        raise wrong_fields({name[:50]: words for name in unknown[:20]})

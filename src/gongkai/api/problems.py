"""Whatever is refused, as JSON: one sentence, the article, the way out, and a sentence per field that is wrong."""

import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from pydantic import BaseModel, Field

from gongkai.agencies.policy import Refused
from gongkai.api.values import DAY, TIME, UUID
from gongkai.applications.intake import Incomplete
from gongkai.paperwork.errors import PaperworkError

log = logging.getLogger(__name__)
# How PostgreSQL and SQLite say that two transactions crossed.
_CROSSED = re.compile("deadlock detected|database is locked|could not serialize")


class Refusal(BaseModel):
    """Why a call was refused."""

    message: str = Field(description="One sentence: what is wrong and what to do, in the reader's language.")
    article: str = Field("", description="The article that a refusal by law rests on, as 《条例》第三十条.")
    way_out: str = Field("", description="What may be done instead.")
    fields: dict[str, str] = Field({}, description="For each field that is wrong, one sentence.")


class Problem(Exception):
    """A refusal with its status."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        article: str = "",
        way_out: str = "",
        fields: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.said = Refusal(message=message, article=article, way_out=way_out, fields=dict(fields or {}))
        self.headers = dict(headers or {})


def refused(refusal: Refused, way_out: str = "") -> Problem:
    """A refusal of the use cases: 422 where fields are to be mended, 409 where the law or the state says no."""
    if isinstance(refusal, Incomplete):
        return wrong_fields(refusal.problems)
    return Problem(409, refusal.message, article=refusal.article, way_out=way_out)


def wrong_fields(fields: Mapping[str, str], message: str = "") -> Problem:
    """422: what is to be mended, field by field."""
    return Problem(422, message or _("Some fields are wrong: see fields."), fields=fields)


def answer(problem: Problem) -> HttpResponse:
    """The refusal as it is sent."""
    params = {"ensure_ascii": False}
    response = JsonResponse(problem.said.model_dump(), status=problem.status, json_dumps_params=params)
    for name, value in problem.headers.items():
        response[name] = value
    return response


def by_status(status: int) -> str:
    """A sentence for a refusal of which only the status is known."""
    sentences = {
        400: _("The request cannot be read: its body is to be one JSON object in UTF-8."),
        401: _("Send the token of your integration in the header Authorization: Bearer …."),
        403: _("This is not allowed."),
        404: _("There is nothing at this address."),
        405: _("This address does not know this method; Allow names those it knows."),
        413: _("The request is too large."),
        415: _("Send the body as application/json."),
    }
    return sentences.get(status) or _("The request could not be answered; nothing was changed.")


def broken() -> Problem:
    """500: the details stand in the log of the server."""
    return Problem(
        500, _("Something broke on our side; it is in our log. Ask for the state before you send again.")
    )


def handle(api: NinjaAPI) -> None:
    """Let every exception of an operation become a refusal in JSON."""

    def add(kind: type[Exception], made: Any) -> None:
        api.add_exception_handler(kind, lambda request, error: answer(made(error)))

    add(Problem, lambda error: error)
    add(Refused, refused)
    add(ValidationError, lambda error: _malformed(error.errors))
    add(HttpError, _http)
    add(Http404, lambda error: Problem(404, by_status(404)))
    add(RequestDataTooBig, lambda error: Problem(413, by_status(413)))
    add(PaperworkError, lambda error: Problem(409, str(error)))
    api.add_exception_handler(OperationalError, _crossed)
    api.add_exception_handler(Exception, _unforeseen)


def _http(error: HttpError) -> Problem:
    # What our own reader of bodies refuses arrives inside ninja's general sentence.
    if isinstance(error.__cause__, Problem):
        return error.__cause__
    headers = {"WWW-Authenticate": "Bearer"} if error.status_code == 401 else {}
    return Problem(error.status_code, by_status(error.status_code), headers=headers)


def _crossed(request: HttpRequest, error: Exception) -> HttpResponse:
    if not _CROSSED.search(str(error)):
        return _unforeseen(request, error)
    words = _("Someone else was acting on the same record at this moment. Nothing was changed; try again.")
    return answer(Problem(409, words))


def _unforeseen(request: HttpRequest, error: Exception) -> HttpResponse:
    log.error("%s %s", request.method, request.path, exc_info=error)
    return answer(broken())


def _malformed(errors: Sequence[Mapping[str, Any]]) -> Problem:
    fields: dict[str, str] = {}
    for error in errors:
        # ("body", name of the argument, field, …) or ("query", field).
        place = [str(part) for part in error["loc"]]
        inside = place[2:] if place[0] == "body" else place[1:]
        fields.setdefault(".".join(inside) or "body", sentence(error))
    return wrong_fields(fields)


def sentence(error: Mapping[str, Any]) -> str:
    """What pydantic found wrong in one field, for the reader."""
    kind, more = str(error["type"]), error.get("ctx") or {}
    if kind == "value_error":
        return str(more.get("error", ""))
    if kind == "string_pattern_mismatch":
        return _pattern(str(more.get("pattern")))
    counted = {
        "string_too_long": (_("At most %(n)s characters."), "max_length"),
        "string_too_short": (_("At least %(n)s characters."), "min_length"),
        "too_long": (_("At most %(n)s entries."), "max_length"),
        "too_short": (_("At least %(n)s entries."), "min_length"),
        "greater_than_equal": (_("At least %(n)s."), "ge"),
        "less_than_equal": (_("At most %(n)s."), "le"),
        "literal_error": (_("Choose one of %(n)s."), "expected"),
    }
    if kind in counted:
        words, name = counted[kind]
        return words % {"n": more.get(name)}
    plain = {
        "missing": _("This field is missing."),
        "extra_forbidden": _("There is no such field here; leave it out."),
        "string_type": _("Write a text in quotation marks."),
        "string_unicode": _("This text holds characters that are none."),
        "bool_type": _("Write true or false."),
        "int_type": _("Write a whole number."),
        "list_type": _("Write a list in square brackets."),
        "model_type": _("Write an object in braces."),
        "model_attributes_type": _("Write an object in braces."),
        "dict_type": _("Write an object in braces."),
    }
    return plain.get(kind) or _("This value cannot be used here.")


def _pattern(pattern: str) -> str:
    if pattern == DAY:
        return _("Write a day as YYYY-MM-DD.")
    if pattern == TIME:
        return _("Write a time as HH:MM.")
    if pattern == UUID:
        return _("Write an identifier (UUID).")
    return _("This text has not the form that is wanted here.")

"""Reading JSON that a stranger wrote: its type, its depth, each name once; its size is a setting of the server."""

import json
import re
from typing import Any, NoReturn

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.parser import Parser

from gongkai.api.problems import Problem, by_status

DEEPEST = 20
# An escape that may be half of a surrogate pair.
_HALF = re.compile(rb"\\u[dD][89a-fA-F]")


class Body(Parser):
    """Reads the body of a request. Raises Problem: 400 for what is no JSON, 415 for another type."""

    def parse_body(self, request: HttpRequest) -> Any:
        if request.content_type != "application/json":
            raise Problem(415, by_status(415))
        try:
            found = json.loads(
                request.body.decode(), parse_constant=_no_constant, object_pairs_hook=_each_name_once
            )
        except RecursionError:
            raise _too_deep() from None
        except ValueError:
            raise Problem(400, by_status(400)) from None
        if _depth_exceeds(found, DEEPEST):
            raise _too_deep()
        if _HALF.search(request.body):
            _refuse_halves(found)
        return found


def _refuse_halves(found: Any) -> None:
    """Half of a surrogate pair is no character: nothing could store it or send it back."""
    try:
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise Problem(400, _("The JSON holds half of a surrogate pair, which is no character.")) from None


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


def _too_deep() -> Problem:
    return Problem(400, _("The JSON is nested deeper than %(n)d levels.") % {"n": DEEPEST})


def _depth_exceeds(value: Any, deepest: int) -> bool:
    level = [value]
    for _each in range(deepest):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return False
    return any(isinstance(each, dict | list) for each in level)

"""The acting person of a request, and the page that a refusal becomes."""

import re
from collections.abc import Callable

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from gongkai.agencies import calendars
from gongkai.agencies.policy import BUSINESS, Actor, Refused, actor_for

Handler = Callable[[HttpRequest], HttpResponse]
HAT = "gongkai_hat"
CHANGE = "/workbench/password/"
# How PostgreSQL and SQLite say that two transactions crossed.
_CROSSED = re.compile("deadlock detected|database is locked|could not serialize")


def _actor(request: HttpRequest) -> Actor | None:
    user = request.user
    if not user.is_authenticated or not user.is_active:
        return None
    return actor_for(
        user, request.session.get(HAT, BUSINESS), address=request.META.get("REMOTE_ADDR", "")[:45]
    )


class ActorMiddleware:
    """Sets request.actor: an Actor, or a false value where nobody is logged in. Asked for lazily."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: _actor(request))
        if self._given(request):
            return redirect(CHANGE)
        with calendars.once():
            return self.get_response(request)

    def _given(self, request: HttpRequest) -> bool:
        """Whether the password is still one that an administrator knows: then it is changed first."""
        if not request.path.startswith("/workbench/") or request.path in (CHANGE, "/workbench/logout/"):
            return False
        return request.user.is_authenticated and request.user.password_given


class RefusalMiddleware:
    """A Refused that no view caught becomes a page with the reason and the article.

    Two acts that waited for one another: the database lets one through, the other person is told.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, OperationalError) and _CROSSED.search(str(error)):
            said = _(
                "Someone else was acting on the same record at this moment. Nothing was changed; try again."
            )
            return render(request, "workbench/refused.html", {"reason": said, "article": ""}, status=409)
        if not isinstance(error, Refused):
            return None
        return render(
            request, "workbench/refused.html", {"reason": error.message, "article": error.article}, status=403
        )

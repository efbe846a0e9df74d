"""Under /api/: no cookie is read, the language is the caller's wish, and every refusal is JSON."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

from gongkai.api.problems import Problem, answer, broken, by_status

Handler = Callable[[HttpRequest], HttpResponse]
UNDER = "/api/"


class ApiMiddleware:
    """Stands before sessions and log-in, so that a browser's cookies can open nothing here.

    What refuses a request before or after the operation itself (a wrong method, host or address) writes a page for
    people; here it becomes the same JSON that the operations answer.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(UNDER):
            return self.get_response(request)
        language = wished(request.headers.get("Accept-Language", ""))
        # The one cookie that is left tells the language to the middleware that reads it.
        request.COOKIES = {settings.LANGUAGE_COOKIE_NAME: language}
        response = self.get_response(request)
        if response.status_code >= 400 and not response.headers.get("Content-Type", "").startswith(
            "application/json"
        ):
            with translation.override(language):
                response = _as_json(response)
        response.headers["Cache-Control"] = "no-store"
        response.headers.setdefault("Content-Language", language)
        response.headers["Vary"] = "Accept-Language, Authorization"
        return response


def wished(header: str) -> str:
    """The first language of an Accept-Language header that we have; else Chinese."""
    ours = {code.partition("-")[0]: code for code, _name in settings.LANGUAGES}
    for code, _weight in parse_accept_lang_header(header):
        if found := ours.get(code.partition("-")[0]):
            return found
    return settings.LANGUAGE_CODE


def _as_json(response: HttpResponse) -> HttpResponse:
    status = response.status_code
    problem = broken() if status >= 500 else Problem(status, by_status(status))
    if "Allow" in response.headers:
        problem.headers["Allow"] = response.headers["Allow"]
    return answer(problem)

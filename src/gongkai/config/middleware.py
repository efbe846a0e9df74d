"""Response headers and language, for every page that Django makes."""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

Handler = Callable[[HttpRequest], HttpResponse]

# Nothing is loaded from elsewhere and no script stands in a page, so a planted one does not run.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'{styles}; script-src 'self'{scripts}; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'; worker-src 'self' blob:"
)


def content_security_policy(scripts: Iterable[str] = (), *, inline_styles: bool = False) -> str:
    """The header's value. scripts: hashes of inline scripts that one page needs, as sha256-…"""
    return CONTENT_SECURITY_POLICY.format(
        scripts="".join(f" '{digest}'" for digest in scripts),
        styles=" 'unsafe-inline'" if inline_styles else "",
    )


class HeadersMiddleware:
    """Content-Security-Policy on every answer; pages of the staff interface are never stored.

    The page with the text editor names its import map by hash (`script_hashes`): the editor's library writes
    it into the page, and sets styles of its own.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        hashes = getattr(response, "script_hashes", ())
        policy = content_security_policy(hashes, inline_styles=bool(hashes))
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        if request.path.startswith("/workbench/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class LanguageMiddleware:
    """The language of the cookie, else Chinese: a browser's own preference never decides."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        wanted = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

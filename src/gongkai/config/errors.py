"""What a visitor sees when there is no such page, or when something broke: never a traceback."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from gongkai.portal import rendering

WORKBENCH = "/workbench/"


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A page that helps: search and the ways in, or back to the inbox for staff."""
    if request.path.startswith(WORKBENCH):
        return render(request, "workbench/not_found.html", status=404)
    return render(request, "portal/not_found.html", {"site": rendering.site()}, status=404)


def not_taken(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What was sent is more than any form here holds, or is no form at all."""
    return render(request, "portal/not_taken.html", {"site": rendering.site()}, status=400)


def not_ours(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that this browser did not get from here, or whose cookie is gone."""
    return render(request, "portal/not_ours.html", {"site": rendering.site()}, status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """Something went wrong on our side; the details stand in the log, not on the page."""
    template = "workbench/broken.html" if request.path.startswith(WORKBENCH) else "portal/broken.html"
    try:
        return render(request, template, {"site": rendering.site()}, status=500)
    except Exception:
        # The database itself may be away: then a sentence has to do.
        words = "系统暂时无法办理，请稍后再试；刚才提交的内容如未显示编号，请重新提交。"
        return HttpResponse(words, content_type="text/plain; charset=utf-8", status=500)

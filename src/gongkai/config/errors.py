"""What a visitor sees when there is no such page, or when something broke: never a traceback."""

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from gongkai.portal import rendering, suggestions

WORKBENCH = "/workbench/"
LONGEST = 100
# Keys and tokens are no words.
_CODE = re.compile(r"[0-9A-Za-z]{1,3}|[0-9a-f]{8,}|[0-9A-Za-z]{25,}")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A page that helps: search and the ways in, or back to the inbox for staff."""
    if request.path.startswith(WORKBENCH):
        return render(request, "workbench/not_found.html", status=404)
    words = said_by(request.path)
    context = {"site": rendering.site(), "query": words, "columns": suggestions.columns_like(words)}
    return render(request, "portal/not_found.html", context, status=404)


def said_by(path: str) -> str:
    """What the address of a missing page may have meant: its words and numbers, without folders and endings."""
    last = next((part for part in reversed(path.split("/")[2:]) if part), "")
    said = re.sub(r"\.\w{2,5}$", "", last)
    words = [word for word in re.split(r"[^\w〔〕\[\]]+|_", said) if not _CODE.fullmatch(word)]
    return " ".join(word for word in words if word)[:LONGEST]


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

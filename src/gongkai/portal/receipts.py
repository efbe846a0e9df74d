"""Receipts of the public forms: shown once to the browser that sent the form, found again by number and query code."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gongkai.files import codes

SECONDS = 15 * 60


@dataclass(frozen=True)
class Receipt:
    """A receipt by a signed cookie that lives for a quarter of an hour and goes to its page alone.

    cookie: its name. page: name of the address that shows the receipt.
    """

    cookie: str
    page: str

    def give(self, request: HttpRequest, response: HttpResponse, said: Any) -> HttpResponse:
        """The response, after which this browser may open the receipt. said: what finds it, as JSON."""
        response.set_cookie(
            self.cookie,
            signing.dumps(said, salt=self.cookie),
            max_age=SECONDS,
            path=reverse(self.page),
            httponly=True,
            samesite="Strict",
            secure=request.is_secure(),
        )
        return response

    def said(self, request: HttpRequest) -> Any | None:
        """What `give` was told; None where the browser has no receipt, a made-up one, or its time is over."""
        try:
            return signing.loads(request.COOKIES.get(self.cookie, ""), salt=self.cookie, max_age=SECONDS)
        except signing.BadSignature:
            return None


def in_groups(code: str) -> str:
    """A query code as people read it aloud: ABCD EFGH JKMN."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


class TrackForm(forms.Form):
    """Number and query code of a receipt."""

    number = forms.CharField(
        label=_("Number"),
        max_length=codes.LONGEST_NUMBER,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    code = forms.CharField(
        label=_("Query code"),
        max_length=codes.LONGEST_CODE,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

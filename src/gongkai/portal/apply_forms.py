"""Public forms of the applications for information."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency
from gongkai.applications import satisfaction, wanted
from gongkai.applications.request_forms import RequestForm


class ApplyForm(RequestForm):
    """The application of art. 29 on one page: to whom, who, what, in which form."""

    submission = None
    agency = forms.ChoiceField(
        label=_("Agency you apply to"),
        help_text=_("The agency that made or keeps the information. If in doubt, choose the first."),
    )

    AUTOCOMPLETE = {
        "name": "name",
        "phone": "tel",
        "email": "email",
        "postcode": "postal-code",
        "address": "street-address",
    }

    def __init__(self, *args: Any, agencies: list[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agencies = {str(agency.pk): agency for agency in agencies}
        self.fields["agency"].choices = [(pk, agency.name) for pk, agency in self.agencies.items()]
        # Asked of everybody on this page; a letter that lacks them is completed by a correction instead.
        for name in ("name", "identity_number"):
            self.fields[name].required = True
        # Asked of whoever opens their fold, so not marked as a choice there.
        for name in (
            *self.ACTING,
            *self.AGENT[:-2],
            wanted.AUTHORITY,
            *self.DELEGATE[:3],
            wanted.APPOINTMENT,
        ):
            if name in self.fields:
                self.fields[name].needed = True
        for place in range(1, self.others + 1):
            for fact in ("name", "identity_number"):
                self.fields[wanted.co(place, fact)].needed = True
        for name, token in self.AUTOCOMPLETE.items():
            self.fields[name].widget.attrs["autocomplete"] = token
        for name in self.WANTED:
            self.fields[name].widget.attrs["data-wanted"] = ""
        # In the order of the page, so that the list of errors follows it.
        self.order_fields([field.name for part in self.sections() for field in _fields(part)])

    def sections(self) -> list[dict[str, Any]]:
        """The four steps as {id, label, words, fields, folds}; a fold is {id, label, words, open, fields,
        several, parties, inner}."""
        return [
            {
                "id": "step-agency",
                "label": _("Agency and applicant"),
                "words": _("Who asks (申请人), and whom. Only those who handle your case read this."),
                "fields": [self[name] for name in ("agency", *self.WHO)],
                "folds": [self._fold("acting", _("For an organisation: who acts for it"), self.ACTING)],
            },
            {
                "id": "step-contact",
                "label": _("How to reach you"),
                "words": _("Telephone or e-mail (联系方式); an address if the answer is to come by post."),
                "fields": [self[name] for name in self.CONTACT],
                "folds": [
                    self._together(),
                    self._fold("agent", _("Somebody applies for you: the agent (代理人)"), self.AGENT),
                ],
            },
            {
                "id": "step-wanted",
                "label": _("What you want to know"),
                "words": _(
                    "Its name, its number, or a description (名称、文号或者便于查询的其他特征性描述)."
                ),
                "fields": [self[name] for name in self.WANTED],
            },
            {
                "id": "step-access",
                "label": _("How you want to get it"),
                "words": _("Form and way of access (获取信息的方式、途径)."),
                "fields": [self[name] for name in self.ACCESS],
            },
        ]

    def _fold(self, key: str, label: Any, names: tuple[str, ...]) -> dict[str, Any]:
        """Fields that few people need: folded away until something stands in them, or is wrong with them."""
        fields = [self[name] for name in names if name in self.fields]
        filled = any(field.value() for field in fields if field.widget_type != "select")
        wrong = self.is_bound and self._errors is not None and any(field.errors for field in fields)
        return {"id": f"fold-{key}", "label": label, "open": filled or wrong, "fields": fields}

    def _together(self) -> dict[str, Any]:
        named = self._fold("named", _("The representative is none of you: who it is"), self.DELEGATE)
        return {
            "id": "fold-together",
            "label": _("Several people apply together"),
            "words": _(
                "Each applicant is named with an identity document; one of you is the representative (代表人)."
            ),
            "open": bool(self.others),
            "several": True,
            "parties": self.further(),
            "fields": [self["spokesperson"]] if self.others else [],
            "inner": named if self.others else None,
        }

    def agency_chosen(self) -> Agency:
        """The agency applied to."""
        return self.agencies[self.cleaned_data["agency"]]

    def about(self) -> str:
        """What is wanted, as far as it was typed, in one line."""
        return " ".join(str(self[name].value() or "") for name in self.WANTED)


def _fields(part: dict[str, Any]) -> list[Any]:
    """The fields of a step, those of its folds last."""
    found = list(part["fields"])
    for fold in part.get("folds", ()):
        for party in fold.get("parties", ()):
            found += party["fields"]
        found += fold["fields"]
        found += (fold.get("inner") or {}).get("fields", [])
    return found


class TrackForm(forms.Form):
    """Registration number and query code of the receipt."""

    number = forms.CharField(
        label=_("Registration number"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    code = forms.CharField(
        label=_("Query code"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class RateForm(forms.Form):
    """How content the applicant is, once the answer is there."""

    score = forms.TypedChoiceField(
        label=_("How content are you with the handling of your application?"),
        choices=satisfaction.SCORES,
        coerce=int,
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("In your own words"),
        required=False,
        max_length=satisfaction.LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Read only by the agency that handled your application."),
    )

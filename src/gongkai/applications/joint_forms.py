"""Forms and pages of splitting, joining and separating cases, and of deciding on an amendment."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.policy import Actor, Refused
from gongkai.applications import amendments, events, merging, personal, relations, splitting, states
from gongkai.applications.forms import BLANK, prose
from gongkai.applications.models import Application, Letter
from gongkai.files.sealing import Sealed
from gongkai.rulebook.amendments import AMENDMENTS

Said = dict[str, Any]
_BLANK_LINE = re.compile(r"\n\s*\n")


class PartsInput(forms.Textarea):
    """One box for each part, and some empty ones; boxes count as parts, and so do blank lines within one."""

    LEAST, SPARE = 4, 2

    def use_required_attribute(self, initial: Any) -> bool:
        return False

    def id_for_label(self, id_: str | None) -> str:
        return f"{id_}_1" if id_ else ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        given = data.getlist(name) if hasattr(data, "getlist") else [data.get(name, "")]
        return "\n\n".join(text.strip() for text in given if text and text.strip())

    def render(
        self, name: str, value: Any, attrs: Mapping[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        given = parts_of(value or "")
        boxes = min(max(self.LEAST, len(given) + self.SPARE), splitting.MOST_PARTS)
        first = dict(attrs or {})
        rows = []
        for place in range(max(boxes, len(given))):
            own = first | {"id": f"{first.get('id', name)}_{place + 1}"}
            text = given[place] if place < len(given) else ""
            label = gettext("Part %(n)d") % {"n": place + 1}
            rows.append((own["id"], label, super().render(name, text, own, renderer)))
        return format_html_join("\n", '<p><label class="field__help" for="{}">{}</label>{}</p>', rows)


def parts_of(text: str) -> list[str]:
    """The parts of a text: what stands between blank lines."""
    return [part.strip() for part in _BLANK_LINE.split(text.replace("\r\n", "\n")) if part.strip()]


class SplitForm(forms.Form):
    """The parts of an application. seen: the last event that the page showed."""

    parts = forms.CharField(
        label=_("Parts, each by the smallest reasonable unit"),
        max_length=splitting.MOST_PARTS * splitting.LONGEST_PART,
        widget=PartsInput(attrs={"rows": 2}),
        help_text=_(
            "In the words of the applicant. The first part stays in this case; each further one gets a number of its own. Empty boxes count for nothing."
        ),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=1_000_000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if whole := self.initial.get("whole"):
            said = gettext("The request: %(words)s") % {"words": whole}
            self.fields["parts"].help_text = f"{self.fields['parts'].help_text} {said}"


class MergeForm(forms.Form):
    """The case that leads from now on."""

    lead = forms.ChoiceField(
        label=_("Open cases of the same applicant"), required=False, widget=forms.RadioSelect
    )
    number = forms.CharField(
        label=_("Or another case, by its registration number"), max_length=80, required=False
    )
    reason = prose(
        _("Why they belong together"),
        required=False,
        limit=merging.LONGEST_REASON,
        help_text=_("Needed where the applicants are not the same, as for joint applicants who agreed."),
    )

    def __init__(self, *args: Any, candidates: list[Application], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if candidates:
            self.fields["lead"].choices = [(row.number, _described(row)) for row in candidates]
        else:
            # An empty list of choices would be a question without an answer.
            del self.fields["lead"]

    def clean(self) -> Said:
        said = self.cleaned_data
        if not (said.get("lead") or said.get("number", "").strip()):
            self.add_error("number", _("Choose the case that leads, or enter its number."))
        return said


def _described(row: Application) -> str:
    said = {"number": row.number, "received": row.received_on, "due": row.due_on}
    return gettext("%(number)s, received on %(received)s, due on %(due)s") % said


class SeparateForm(forms.Form):
    """Why a joined case is handled by itself again."""

    reason = prose(_("Reason"), limit=merging.LONGEST_REASON)


class AmendmentDecisionForm(forms.Form):
    """What the request to amend a record comes to (art. 41), with what letter 28 tells of it."""

    result = forms.ChoiceField(
        label=_("Result"),
        choices=[(key, each.label) for key, each in AMENDMENTS.items()],
        widget=forms.RadioSelect,
    )
    facts = prose(_("Facts and reasons"), rows=5, help_text=_("They stand in the letter after “经审核，”."))
    amended = prose(
        _("How the record reads from now on"), required=False, help_text=_("Only where it is amended.")
    )
    organ = forms.CharField(
        label=_("Organ that has the power to amend it"),
        max_length=100,
        required=False,
        help_text=_("Only where it is not this agency."),
    )
    contact = forms.CharField(label=_("How to reach that organ"), max_length=100, required=False)
    way = forms.ChoiceField(
        label=_("How the request gets there"),
        required=False,
        choices=BLANK + list(amendments.WAYS.items()),
    )
    # The decision that the page showed as being in force.
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=36)


def split_form(actor: Actor, case: Application) -> Said:
    """The request as it was made stands in the boxes, to be cut into its parts."""
    begun = {"seen": events.of(case)[-1].seq}
    try:
        personal.show(actor, case, "split")
        whole = relations.excerpt(case)
    except Sealed:
        return {"initial": begun}
    return {"initial": begun | {"parts": whole, "whole": whole}}


def split(actor: Actor, case: Application, said: Said) -> list[Application]:
    return splitting.split(actor, case, parts_of(said["parts"]), seen=said["seen"])


def merge_form(actor: Actor, case: Application) -> Said:
    return {"candidates": merging.candidates(case)}


def merge(actor: Actor, case: Application, said: Said) -> None:
    number = said.get("number", "").strip() or said.get("lead", "")
    lead = Application.objects.filter(agency_id=case.agency_id, number__iexact=number).first()
    if lead is None:
        raise Refused(gettext("This agency has no case of that number; check it."), merging.LAW)
    merging.merge(actor, case, lead, reason=said["reason"])


def separate(actor: Actor, case: Application, said: Said) -> None:
    merging.separate(actor, case, reason=said["reason"])


def amendment_form(actor: Actor, case: Application) -> Said:
    return {"initial": {"seen": states.decision_in_force(events.of(case))}}


def decide_amendment(actor: Actor, case: Application, said: Said) -> Letter:
    return amendments.decide(actor, case, **said)

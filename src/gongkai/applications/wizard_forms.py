"""The form at the end of the seven questions: what an outcome needs, and the list of a partial disclosure."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.applications import partial
from gongkai.applications.forms import BLANK, prose
from gongkai.applications.models import SubReason, ThirdPartyResult
from gongkai.applications.partial import Parts, Withheld
from gongkai.rulebook.outcomes import OUTCOMES

ROWS = 2


class DecisionForm(forms.Form):
    """The outcome with what it needs; a field that the outcome does not need is not asked."""

    outcome_key = forms.ChoiceField(
        label=_("Outcome"),
        widget=forms.HiddenInput,
        choices=[(key, each.label) for key, each in OUTCOMES.items()],
    )
    # The decision that the page showed as being in force.
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=36)
    sub_reason = forms.ChoiceField(label=_("Sub-reason"), required=False)
    third_party = forms.ChoiceField(
        label=_("The third party's opinion came to"), required=False, choices=BLANK + ThirdPartyResult.choices
    )
    no_good_reason = forms.BooleanField(
        label=_("I find that the term was missed without good reason (art. 30)"), required=False
    )
    opened = prose(
        _("Parts that are opened"), required=False, limit=20_000, help_text=_("One part in each line.")
    )
    facts = prose(_("Facts and reasons"), rows=5, help_text=_("They stand in the letter after “经审查，”."))
    law = forms.CharField(
        label=_("Article"), max_length=300, required=False, help_text=_("Empty: the article of the table.")
    )

    def __init__(self, *args: Any, outcome: str, asked: bool, rows: int = ROWS, **kwargs: Any) -> None:
        """outcome: the key chosen; asked: whether a third party was asked; rows: how many withheld parts to show."""
        super().__init__(*args, **kwargs)
        self.rows = max(1, min(rows, partial.MOST)) if outcome == partial.OUTCOME else 0
        chosen = OUTCOMES.get(outcome)
        reasons = SubReason.objects.filter(active=True, outcome=outcome)
        self.fields["sub_reason"].choices = BLANK + [(row.key, row.label) for row in reasons]
        needed = {
            "sub_reason": chosen is not None and chosen.needs_sub_reason,
            "third_party": asked and outcome in ("provided", "partly_provided", "third_party_rights"),
            "no_good_reason": outcome == "not_corrected",
            "opened": bool(self.rows),
            # The articles of a partial disclosure are those of its list.
            "law": not self.rows,
        }
        for name, wanted in needed.items():
            if not wanted:
                del self.fields[name]
        grounds = BLANK + [
            (key, f"{partial.ground_label(key)}（{each.law[0]}）") for key, each in partial.GROUNDS.items()
        ]
        for n in range(self.rows):
            self.fields[f"part_{n}"] = forms.CharField(
                label=_("Withheld part %(n)d") % {"n": n + 1}, max_length=partial.LONGEST, required=False
            )
            self.fields[f"ground_{n}"] = forms.ChoiceField(
                label=_("Ground of part %(n)d") % {"n": n + 1}, choices=grounds, required=False
            )
            self.fields[f"reason_{n}"] = forms.CharField(
                label=_("Reason for part %(n)d") % {"n": n + 1}, max_length=partial.LONGEST, required=False
            )
        if self.rows:
            # Asked of the list as a whole by the use case, so that a spare row may stay empty.
            for name in ("opened", "part_0", "ground_0", "reason_0"):
                self.fields[name].needed = True
            self.order_fields(["outcome_key", "third_party", "opened", *self._part_names(), "facts"])

    def _part_names(self) -> list[str]:
        return [f"{name}_{n}" for n in range(self.rows) for name in ("part", "ground", "reason")]

    def said(self) -> dict[str, Any]:
        """What decisions.decide takes, of a valid form."""
        given = self.cleaned_data
        said = {
            name: given[name]
            for name in ("outcome_key", "seen", "sub_reason", "third_party", "no_good_reason", "facts", "law")
            if name in given
        }
        if self.rows:
            said["parts"] = Parts(
                tuple(given["opened"].splitlines()),
                tuple(
                    Withheld(given[f"part_{n}"], given[f"ground_{n}"], given[f"reason_{n}"])
                    for n in range(self.rows)
                ),
            )
        return said

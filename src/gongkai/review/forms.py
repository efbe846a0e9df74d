"""The decision of one step, and the ten points of the review sheet where a step answers them."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.review.examination import Statement
from gongkai.review.models import Referral, ReferralAnswer
from gongkai.review.subjects import SubjectKind
from gongkai.rulebook import examination as rules

# The sheet stands beside the text, its fields belong to the form of the decision.
IN_DECISION = {"form": "decision"}
BLANK = ("", "—")


class DecisionForm(forms.Form):
    """Checklist, opinion and, for the leader, the time of release."""

    opinion = forms.CharField(
        label=_("Opinion"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed when you return the text: say what is to be changed."),
    )
    ground = forms.CharField(label=_("Ground"), required=False, max_length=500)
    release_at = forms.DateTimeField(
        label=_("Release later, at"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Leave empty to release at once."),
    )

    def __init__(self, *args: Any, kind: SubjectKind, step: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        points = list(kind.asked(step))
        checks = {
            f"check_{key}": forms.BooleanField(label=sentence, required=False) for key, sentence in points
        }
        if step != 2:
            del self.fields["ground"]
        if step != 3:
            del self.fields["release_at"]
        self.fields = {**checks, **self.fields}

    def checklist(self) -> dict[str, bool]:
        """Key → whether it was ticked."""
        return {
            name.removeprefix("check_"): bool(value)
            for name, value in self.cleaned_data.items()
            if name.startswith("check_")
        }


class SheetForm(forms.Form):
    """The ten points, the conclusion, and where and when it goes out. What is missing the rulebook says."""

    conclusion = forms.ChoiceField(
        label=_("Conclusion of the examination"),
        required=False,
        choices=[BLANK, *((each.value, each.label) for each in rules.Conclusion)],
    )
    grounds = forms.MultipleChoiceField(
        label=_("Grounds on which it is not disclosed"),
        required=False,
        choices=[(key, f"{each.label}（{each.law}）") for key, each in rules.GROUNDS_TO_WITHHOLD.items()],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only for the conclusion 不公开: at least one of articles 14 to 16."),
    )
    remark = forms.CharField(
        label=_("Remark on the conclusion"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    sensitive = forms.BooleanField(
        label=_("Sensitive personal information goes out with it"),
        required=False,
        help_text=_("Biometric, health, financial, whereabouts, faith, status, or of a child under 14."),
    )
    impact = forms.CharField(
        label=_("Impact assessment: number, or where it is kept"), required=False, max_length=500
    )
    channel = forms.CharField(label=_("Channel"), required=False, max_length=200)
    column = forms.CharField(label=_("Column of the sheet"), required=False, max_length=200)
    planned = forms.CharField(label=_("Planned time"), required=False, max_length=100)

    def __init__(self, *args: Any, on: date, before: Mapping[str, rules.Said], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on, self.before = on, before
        for point in rules.POINTS.values():
            for name, field in _fields(point):
                self.fields[f"{name}_{point.key}"] = field
        for field in self.fields.values():
            field.widget.attrs |= IN_DECISION
        self.fields["conclusion"].needed = True
        self.fields["conclusion"].widget.attrs["data-needs"] = rules.Conclusion.WITHHELD.value

    def points(self) -> list[dict[str, Any]]:
        """The ten points for the page: number, question, law, what the handler said, whether this differs, fields."""
        return [
            {
                "number": point.number,
                "question": point.question,
                "law": point.law(self.on),
                "before": self._before(point),
                "differs": point.key in self.before and self._answer(point.key) != self.before[point.key],
                "answer": self[f"answer_{point.key}"],
                "more": self._folded([f"{name}_{point.key}" for name, _field in _fields(point)[1:]]),
            }
            for point in rules.POINTS.values()
        ]

    def further(self) -> list[dict[str, Any]]:
        """What belongs to the conclusion, folded away until it is needed."""
        names = ("grounds", "remark"), ("sensitive", "impact"), ("channel", "column", "planned")
        labels = (_("Grounds and remark"), _("Sensitive personal information"), _("Channel, column and time"))
        return [self._folded(part) | {"label": label} for part, label in zip(names, labels, strict=True)]

    def _folded(self, names: Iterable[str]) -> dict[str, Any]:
        """Fields that most texts do not need; open where something stands in them or is wrong with them."""
        fields = [self[name] for name in names]
        return {"fields": fields, "open": any(field.errors or field.value() for field in fields)}

    def statement(self) -> Statement:
        """What was said, for the use case."""
        said = self.cleaned_data
        return Statement(
            {key: self._answer(key) for key in rules.POINTS},
            said["conclusion"],
            tuple(said["grounds"]),
            said["remark"],
            said["sensitive"],
            said["impact"],
            said["channel"],
            said["column"],
            said["planned"],
        )

    def refuse(self, found: Iterable[rules.Obstacle]) -> None:
        """Show why the sheet does not allow its conclusion, each beside its point."""
        for each in found:
            words = f"{each.message}（{each.article}）" if each.article else each.message
            self.add_error(f"answer_{each.point}" if each.point else "conclusion", words)

    def _before(self, point: rules.Point) -> str:
        said = self.before.get(point.key)
        answer = point.answer(said.answer) if said else None
        if said is None or answer is None:
            return ""
        return f"{answer.label}（{said.told()}）" if said.told() else answer.label

    def _answer(self, key: str) -> rules.Said:
        def value(name: str) -> str:
            name = f"{name}_{key}"
            if name not in self.fields:
                return ""
            found = self[name].value()
            return str(found or "").strip()

        return rules.Said(value("answer"), value("note"), value("authority"), value("document"))


def _fields(point: rules.Point) -> list[tuple[str, forms.Field]]:
    needed = {name for answer in point.answers for name in answer.fields}
    answer = forms.ChoiceField(
        label=_("Answer to point %(n)d") % {"n": point.number},
        required=False,
        choices=[BLANK, *((each.code, each.label) for each in point.answers)],
        # The page unfolds the note where one of these is chosen.
        widget=forms.Select(
            attrs={"data-needs": " ".join(each.code for each in point.answers if each.fields)}
        ),
    )
    answer.needed = True
    fields: list[tuple[str, forms.Field]] = [("answer", answer)]
    for name, label in (
        ("authority", _("Approving authority")),
        ("document", _("Number of the approval")),
    ):
        if name in needed:
            fields.append((name, forms.CharField(label=label, required=False, max_length=rules.LONGEST)))
    label = _("Note on point %(n)d") % {"n": point.number}
    fields.append(("note", forms.CharField(label=label, required=False, max_length=rules.LONGEST)))
    return fields


class GroundForm(forms.Form):
    """The ground for disputing or resolving a finding."""

    ground = forms.CharField(label=_("Ground"), max_length=500)


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class ReferralForm(forms.Form):
    """A question that is referred upward."""

    question = forms.ChoiceField(label=_("Question"), choices=Referral.Question.choices)
    matter = forms.CharField(
        label=_("What is in doubt"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    addressee_kind = forms.ChoiceField(label=_("Referred to"), choices=Referral.Addressee.choices)
    addressee = forms.CharField(
        label=_("Name of the addressee"),
        max_length=100,
        help_text=_("The body to which this agency sends it; a district sends it up level by level."),
    )
    route = forms.CharField(
        label=_("Route"), max_length=300, required=False, help_text=_("Through which bodies it goes up.")
    )
    document_number = forms.CharField(label=_("Document number"), max_length=80, required=False)
    sent_on = _day(_("Referred on"))


class ReferralAnswerForm(forms.Form):
    """What a referral came to."""

    outcome = forms.ChoiceField(label=_("Outcome of the referral"), choices=ReferralAnswer.OUTCOMES)
    level = forms.ChoiceField(label=_("Who answered"), choices=ReferralAnswer.LEVELS)
    body = forms.CharField(label=_("Name of the answering body"), max_length=100)
    document_number = forms.CharField(label=_("Document number"), max_length=80, required=False)
    answered_on = _day(_("Answered on"))
    note = forms.CharField(
        label=_("Further note"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    paper = forms.FileField(label=_("The answer as a file"), required=False)


class ConsultationForm(forms.Form):
    """Another agency that is asked."""

    consulted = forms.CharField(label=_("Agency asked"), max_length=100)
    joint = forms.BooleanField(
        label=_("It made the document together with us"),
        required=False,
        help_text=_("Then its written consent is needed before the lead agency discloses."),
    )
    question = forms.CharField(
        label=_("What is asked"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    document_number = forms.CharField(label=_("Document number"), max_length=80, required=False)
    asked_on = _day(_("Asked on"))


class ConsultationAnswerForm(forms.Form):
    """What the other agency said."""

    consents = forms.TypedChoiceField(
        label=_("Answer"),
        choices=[("yes", _("consents")), ("no", _("does not consent"))],
        coerce=lambda value: value == "yes",
    )
    document_number = forms.CharField(label=_("Document number"), max_length=80, required=False)
    answered_on = _day(_("Answered on"))
    note = forms.CharField(
        label=_("Further note"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

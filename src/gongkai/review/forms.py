"""The decision of one step."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.review.subjects import SubjectKind


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
        points = list(kind.checklists.get(step, ()))
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


class GroundForm(forms.Form):
    """The ground for disputing or resolving a finding."""

    ground = forms.CharField(label=_("Ground"), max_length=500)

"""Forms of the roll-up: the list of members, files that are sent in, and what a person says on one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.reporting.rollup_members import LONGEST_NAME, LONGEST_REASON
from gongkai.reporting.rollup_models import Group, RollupMember


def _reason(**more: Any) -> forms.CharField:
    return forms.CharField(
        label=_("Reason"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 2}), **more
    )


class MemberForm(forms.Form):
    """Whether one member counts in, and why."""

    counted = forms.TypedChoiceField(
        label=_("In this report it"),
        choices=[("yes", _("counts in")), ("no", _("is left out"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    ground = forms.ChoiceField(label=_("Ground"), choices=RollupMember.Ground.choices)
    reason = _reason(help_text=_("It stands on the list and in the report's frozen content."))


class OutsideForm(forms.Form):
    """An office that does not use this system."""

    name = forms.CharField(
        label=_("Full name of the office"),
        max_length=LONGEST_NAME,
        help_text=_("Exactly as in the title of its report."),
    )
    group = forms.ChoiceField(
        label=_("Group"),
        choices=[choice for choice in Group.choices if choice[0] != Group.OWN],
        widget=forms.RadioSelect,
    )
    reason = _reason(required=False)


class TownsForm(forms.Form):
    """Whether towns and subdistricts count in."""

    towns = forms.TypedChoiceField(
        label=_("Towns and subdistricts"),
        choices=[("yes", _("count in")), ("no", _("do not count in"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    reason = _reason()


class ManyFiles(forms.ClearableFileInput):
    """A field of several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once; the value is a list of them. An empty file is told later, by its name."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Each file as a field of one file has it."""
        several = data if isinstance(data, list) else [data]
        return [super(FilesField, self).clean(one, initial) for one in several or [None]]


class SendForm(forms.Form):
    """Reports of members as files."""

    files = FilesField(
        label=_("Reports as files"),
        allow_empty_file=True,
        max_length=200,
        help_text=_("Word, PDF, Excel, web page or text; up to 100 at once, more as a zip archive."),
    )


class TakeInForm(forms.Form):
    """What a person says before a file counts. scanned, replaces: what has to be said of this file."""

    compared = forms.BooleanField(
        label=_("I compared every figure with the scanned original."),
        error_messages={"required": _("Compare the figures with the scan, and say that you did.")},
    )
    reason = forms.CharField(
        label=_("Why this report replaces the one taken in before"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, scanned: bool, replaces: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not scanned:
            del self.fields["compared"]
        if not replaces:
            del self.fields["reason"]

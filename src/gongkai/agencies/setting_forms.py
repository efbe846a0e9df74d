"""The form of an agency's settings: one field for each declared setting, grouped as they are declared."""

import json
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _

from gongkai.agencies import options
from gongkai.agencies.models import Agency
from gongkai.agencies.options import FLAG, NUMBER, NUMBERS, Option
from gongkai.agencies.policy import Refused

# Names the values that stood on the page when it was opened.
SEEN = "seen"


class SettingsForm(forms.Form):
    """Every setting of one agency, as it is typed. What is refused keeps its text, with one sentence at its field."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any, *, agency: Agency) -> None:
        self.agency = agency
        self.now = {option.key: options.read(agency, option.key) for option in options.known()}
        super().__init__(data, initial={SEEN: json.dumps(self.now, ensure_ascii=False)}, auto_id="set-%s")
        for option in options.known():
            self.fields[option.key] = _field(option, agency, self.now[option.key])

    def sections(self) -> list[dict[str, Any]]:
        """The fields under their headings, for workbench/form.html."""
        groups: dict[str, list[BoundField]] = {}
        for option in options.known():
            groups.setdefault(str(option.group), []).append(self[option.key])
        return [{"legend": legend, "fields": fields} for legend, fields in groups.items()]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for option in options.known():
            try:
                said[option.key] = options.cleaned(option, said.get(option.key, ""), self.agency)
            except Refused as refusal:
                self.add_error(option.key, refusal.message)
        return said

    def values(self) -> dict[str, Any]:
        """What was typed, as it is stored."""
        return {option.key: self.cleaned_data[option.key] for option in options.known()}

    def before(self) -> dict[str, Any]:
        """The values that the person saw; those in force now where the page did not send them."""
        try:
            said = json.loads(self.cleaned_data.get(SEEN) or "{}")
        except ValueError:
            said = {}
        return self.now | (said if isinstance(said, dict) else {})


def _field(option: Option, agency: Agency, now: Any) -> forms.Field:
    more = {"label": option.label, "help_text": _help(option, agency), "required": False}
    if option.kind == FLAG:
        return forms.BooleanField(initial=bool(now), **more)
    text = options.shown(option, now)
    if option.kind in (NUMBER, NUMBERS):
        # No number field: what is no number is to be kept and told, not emptied by the browser.
        attrs = {"inputmode": "numeric" if option.kind == NUMBER else "text", "autocomplete": "off"}
        return Needed(option, initial=text, widget=forms.TextInput(attrs=attrs), max_length=200, **more)
    return Needed(option, initial=text, max_length=2 * options.LONGEST, **more)


class Needed(forms.CharField):
    """A text that may be typed empty; whether it may stay so is for the setting to say."""

    def __init__(self, option: Option, **more: Any) -> None:
        super().__init__(**more)
        # A list may be empty, and so may a text whose default is empty or derived.
        self.needed = option.kind == NUMBER or bool(option.check and not callable(option.default))


def _help(option: Option, agency: Agency) -> str:
    default = options.shown(option, options.default(agency, option.key))
    parts = [str(option.words)] if option.words else []
    if option.kind in (NUMBER, NUMBERS):
        parts.append(_("From %(least)d to %(most)d.") % {"least": option.least, "most": option.most})
    parts.append(_("Default: %(value)s.") % {"value": default or _("empty")})
    if option.law:
        parts.append(_("Law: %(law)s.") % {"law": option.law})
    return " ".join(parts)

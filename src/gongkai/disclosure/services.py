"""Service guides (办事指南) as an information type: the elements that a citizen and the check of sites look for.

Which elements stop a submission and which only show as missing is data of the rulebook (service_guides).
"""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.disclosure import varieties
from gongkai.disclosure.models import Item
from gongkai.disclosure.varieties import PREFIX, More, Variety
from gongkai.review.models import Draft
from gongkai.review.subjects import Problem
from gongkai.rulebook import service_guides as rules

CODE = "service"
SHORT, LONG = 300, 4000
ONLINE = "online"


def fields(item: Item) -> Mapping[str, forms.Field]:
    """Of the draft of a guide: one field for each element."""
    made: dict[str, forms.Field] = {}
    for element in rules.ELEMENTS:
        if element.code == ONLINE:
            made[element.code] = forms.URLField(
                label=element.label, required=False, max_length=SHORT, assume_scheme="https"
            )
            continue
        widget = forms.Textarea(attrs={"rows": 3}) if element.long else None
        made[element.code] = forms.CharField(
            label=element.label,
            required=False,
            max_length=LONG if element.long else SHORT,
            help_text=gettext_lazy("One in each line.") if element.long else "",
            **({"widget": widget} if widget else {}),
        )
        made[element.code].needed = element.need == rules.SUBMIT
    return made


def problems(more: More, draft: Draft) -> list[Problem]:
    """The elements without which a guide helps nobody."""
    words = _("A service guide needs its “%(element)s”.")
    return [
        Problem(PREFIX + element.code, words % {"element": element.label})
        for element in rules.missing(more, rules.SUBMIT)
    ]


def metadata(more: More) -> list[tuple[str, str]]:
    """For the three people: which elements the guide still lacks."""
    lacking = "、".join(element.label for element in rules.missing(more, rules.WARN))
    rows = [(element.label, str(more.get(element.code, ""))) for element in rules.ELEMENTS]
    return [*rows, (_("elements that are missing"), lacking)] if lacking else rows


def register() -> None:
    """Called once, from the room's AppConfig.ready."""
    varieties.register(
        Variety(
            CODE,
            gettext_lazy("Service guide"),
            gettext_lazy("who can have what done, with what, where and how long it takes"),
            fields=fields,
            texts={element.code: element.label for element in rules.ELEMENTS},
            problems=problems,
            metadata=metadata,
        )
    )

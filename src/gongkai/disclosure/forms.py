"""Forms of the handler: the item as typed, a Word file, filing as not public, withdrawal."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django_prose_editor.fields import ProseEditorFormField

from gongkai.disclosure import content as contents
from gongkai.disclosure import projects, standards, varieties
from gongkai.disclosure.models import Column, Item, NormativeEvent
from gongkai.review.models import Withdrawal
from gongkai.rulebook import catalogue

# What officials write: linear documents with headings, lists, tables and figures.
EXTENSIONS = {  # noqa: C420 (a comprehension reads better here)
    name: True
    for name in (
        "Document", "Paragraph", "Text", "HardBreak", "Menu", "History", "Dropcursor", "Gapcursor", "NoSpellCheck",
        "Bold", "Italic", "Underline", "Subscript", "Superscript", "BulletList", "OrderedList", "ListItem",
        "Blockquote", "HorizontalRule", "Table", "TableRow", "TableHeader", "TableCell", "Figure", "Caption", "Image",
    )
} | {"Heading": {"levels": [2, 3, 4]}, "Link": {"enableTarget": False}}  # fmt: skip
BLANK = [("", "—")]


def _choices(entries: Any) -> list[tuple[str, str]]:
    return BLANK + [(entry.code, entry.label) for entry in entries]


class ItemForm(forms.Form):
    """An item as typed. A draft may be incomplete: only submitting asks for the required fields."""

    title = forms.CharField(label=_("Title"), max_length=300, required=False)
    summary = forms.CharField(
        label=_("Summary"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One or two sentences; shown in lists and search (art. 12)."),
    )
    body = ProseEditorFormField(
        label=_("Text"), required=False, config={"extensions": EXTENSIONS}, preset="configurable"
    )
    attribute = forms.ChoiceField(
        label=_("Disclosure attribute"),
        choices=BLANK + [(a.value, f"{a.label}（{a.mark}）") for a in catalogue.DisclosureAttribute],
        required=False,
        help_text=_(
            "Fixed at the source. What is not proactive is filed with its ground and never released."
        ),
    )
    column = forms.ChoiceField(label=_("Column"), required=False)
    formed_on = forms.DateField(
        label=_("Formed or obtained on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The 20 working days for publishing run from this day (art. 26)."),
    )
    document_number = forms.CharField(label=_("Document number"), max_length=80, required=False)
    genre = forms.ChoiceField(label=_("Genre"), required=False)
    theme = forms.ChoiceField(label=_("Theme"), required=False)
    five_open = forms.ChoiceField(
        label=_("Five disclosures"), choices=_choices(catalogue.FIVE_DISCLOSURES), required=False
    )
    standard = forms.ChoiceField(
        label=_("Standard catalogue entry"),
        required=False,
        help_text=_(
            "Which entry (标准目录事项) it answers; the public page of the catalogue then shows it there."
        ),
    )
    project_point = forms.ChoiceField(
        label=_("Point of a project"),
        required=False,
        help_text=_("Which statutory point of which project it answers."),
    )
    keywords = forms.CharField(label=_("Keywords"), max_length=200, required=False)
    source = forms.CharField(label=_("Source"), max_length=100, required=False)
    how_obtained = forms.ChoiceField(
        label=_("Made or obtained"),
        choices=[("made", _("made by us")), ("obtained", _("obtained"))],
        required=False,
    )
    effective_on = forms.DateField(
        label=_("In force from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    normative = forms.BooleanField(
        label=_("This is a normative document"),
        required=False,
        help_text=_("Entered in the register that the yearly report counts."),
    )
    variety = forms.ChoiceField(
        label=_("Information type"),
        required=False,
        help_text=_("After another choice save the draft: the form then shows the fields of that type."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    # Not required to save a draft, but to submit it: not marked as optional.
    NEEDED = ("title", "summary", "body", "attribute", "column", "formed_on")

    def __init__(self, *args: Any, item: Item, variety: str = "", **kwargs: Any) -> None:
        """item: whose form it is; variety: the type whose further fields are asked, kept as `shown` (another may be
        chosen in the form)."""
        super().__init__(*args, **kwargs)
        self._item, self.shown = item, varieties.of({"variety": variety}).code
        self.fields["variety"].choices = variety_choices()
        self.fields["variety"].help_text = self._type_words()
        self.fields["variety"].widget.attrs["data-types"] = json.dumps(
            {code: varieties.shared(item, self.shown, code) for code, _label in variety_choices()}
        )
        self._further = varieties.of({"variety": variety}).fields(item)
        more = (kwargs.get("initial") or {}).get("more") or {}
        for name, further in self._further.items():
            further.initial = more.get(name, further.initial)
            self.fields[varieties.PREFIX + name] = further
        # What makes the type comes before what every item has.
        first = ("title", "variety", "summary", "body")
        self.order_fields([*first, *(varieties.PREFIX + name for name in self._further)])
        for name in self.NEEDED:
            self.fields[name].needed = True
        columns = Column.objects.filter(active=True).exclude(board="reports")
        self.fields["column"].choices = BLANK + [(c.code, c.name) for c in columns]
        self.fields["genre"].choices = BLANK + [(e.label, e.label) for e in catalogue.GENRES]
        self.fields["standard"].choices = BLANK + standards.choices(item.agency)
        self.fields["project_point"].choices = BLANK + projects.points(item.agency)
        for name in ("standard", "project_point"):
            self._keep_chosen(name, str((kwargs.get("initial") or {}).get(name) or ""))
        self.fields["theme"].choices = BLANK + [(e.label, e.label) for e in catalogue.THEMES]

    def _keep_chosen(self, name: str, chosen: str) -> None:
        """What was chosen before stays a choice when the lists have changed; nothing to choose from is no question."""
        choices = list(self.fields[name].choices)
        offered = {code for _group, rows in choices[1:] for code, _label in rows}
        if chosen and chosen not in offered:
            choices.append((chosen, _("as before (%(chosen)s)") % {"chosen": chosen}))
        self.fields[name].choices = choices
        if len(choices) == 1:
            del self.fields[name]

    def content(self) -> dict[str, Any]:
        """The draft content, as far as it is well formed."""
        said = {name: self.cleaned_data.get(name) for name in contents.TEXTS if name in self.fields}
        days = {
            name: said[name].isoformat() if said.get(name) else "" for name in ("formed_on", "effective_on")
        }
        return (
            {name: value or "" for name, value in said.items()}
            | days
            | {"normative": bool(self.cleaned_data.get("normative"))}
            | varieties.turned(
                self._item,
                self.initial,
                self.shown,
                {name: varieties.plain(self.cleaned_data[varieties.PREFIX + name]) for name in self._further},
                self.cleaned_data["variety"],
            )
        )

    @property
    def turned(self) -> bool:
        """Whether another type was chosen than the one whose fields were shown."""
        return bool(self.cleaned_data["variety"] != self.shown)

    def _type_words(self) -> str:
        """How the type is changed, and what the draft keeps of the types it was of before."""
        kept = "；".join(
            f"{varieties.of({'variety': code}).label}（{'、'.join(labels)}）"
            for code, more in varieties.set_aside(self.initial).items()
            if (labels := varieties.written(self._item, code, more))
        )
        words = [str(self.fields["variety"].help_text)]
        if kept:
            words.append(
                _("Kept in the draft, not shown and never released while the type is another: %(kept)s.")
                % {"kept": kept}
            )
        return " ".join(words)


def variety_choices() -> list[tuple[str, str]]:
    """The information types that an item can be of, a plain text first."""
    return [("", _("General information")), *((variety.code, variety.label) for variety in varieties.every())]


class VarietyForm(forms.Form):
    """Of which information type a new item is."""

    variety = forms.ChoiceField(
        label=_("Information type"), required=False, initial="", widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {variety.code: variety.words for variety in varieties.every()}
        self.fields["variety"].choices = [
            (code, f"{label}：{words[code]}" if words.get(code) else label)
            for code, label in variety_choices()
        ]
        # The first stands for a plain text: nobody has to choose.
        self.fields["variety"].needed = True


class WordForm(forms.Form):
    """A Word file to begin from."""

    word = forms.FileField(
        label=_("Word file (.docx)"),
        help_text=_("Text, lists, tables and pictures are taken over; what is hidden or lost is told."),
    )


class AttachmentForm(forms.Form):
    """A file that goes out with the item."""

    attachment = forms.FileField(label=_("File"))


class ClosedForm(forms.Form):
    """Filing an item as not proactively public."""

    attribute = forms.ChoiceField(
        label=_("Disclosure attribute"),
        choices=[
            (a.value, a.label)
            for a in catalogue.DisclosureAttribute
            if a is not catalogue.DisclosureAttribute.PROACTIVE
        ],
    )
    ground = forms.ChoiceField(
        label=_("Legal ground"),
        required=False,
        choices=BLANK + [(g.code, f"{g.label}（{g.law}）") for g in catalogue.GROUNDS.values()],
    )
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class WithdrawForm(forms.Form):
    """Taking an item off the public at once."""

    reason = forms.ChoiceField(label=_("Reason shown to the public"), choices=Withdrawal.Reason.choices)
    show_title = forms.BooleanField(
        label=_("Show the title on the page that remains"),
        required=False,
        help_text=_("Never after a leak."),
    )
    note = forms.CharField(
        label=_("Internal note"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class NormativeEventForm(forms.Form):
    """What happened to a normative document."""

    kind = forms.ChoiceField(label=_("Event"), choices=NormativeEvent.Kind.choices)
    on = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    paper = forms.CharField(label=_("By which document"), max_length=300)
    by = forms.CharField(
        label=_("Its number on this site"),
        max_length=80,
        required=False,
        help_text=_(
            "Document or index number, where that document is public here: the pages lead to each other."
        ),
    )

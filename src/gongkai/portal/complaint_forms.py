"""The public form by which one complains about the disclosure of an agency (条例第五十一条)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency
from gongkai.applications.forms import FilesField
from gongkai.correspondence import enclosures
from gongkai.correspondence.intake import LONGEST
from gongkai.correspondence.models import Topic
from gongkai.correspondence.procedure import Kind
from gongkai.correspondence.writer import Letter
from gongkai.portal.writers import WriterForm


class ComplaintForm(WriterForm):
    """What one complains of; who complains is never kept in the browser."""

    PRIVATE = (*WriterForm.PRIVATE, "application")
    field_order = ("about", "topic", "application", "text", "files")

    about = forms.ChoiceField(
        label=_("Agency complained of"),
        help_text=_("Your complaint does not go to it but to the agency above it."),
    )
    topic = forms.ChoiceField(
        label=_("What it did or did not do"), choices=[("", "—"), *Topic.of(Kind.COMPLAINT)]
    )
    application = forms.CharField(
        label=_("Number of your application, where it is about one"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    text = forms.CharField(
        label=_("Your complaint"),
        max_length=LONGEST["text"],
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Say what happened and when, which information it is about, and what you ask for."),
    )
    files = FilesField(
        label=_("Files"),
        required=False,
        help_text=_("Word, Excel, PDF, text or pictures; at most five, each up to 10 MB."),
    )

    def __init__(self, *args: Any, superiors: dict[Agency, Agency], **kwargs: Any) -> None:
        """superiors: each agency that can be chosen → the one that takes the complaint."""
        super().__init__(*args, **kwargs)
        self.agencies = {str(agency.pk): agency for agency in superiors}
        choices = [
            (
                str(agency.pk),
                _("%(agency)s (goes to: %(above)s)") % {"agency": agency.name, "above": above.name},
            )
            for agency, above in superiors.items()
        ]
        self.fields["about"].choices = choices if len(choices) == 1 else [("", "—"), *choices]
        self.fields["name"].help_text = _("Of a legal person or other organisation: its name.")
        # Read by portal/files.js.
        self.fields["files"].widget.attrs |= {
            "data-most-files": enclosures.MOST,
            "data-largest": enclosures.LARGEST,
            "data-together": enclosures.MOST * enclosures.LARGEST,
            "data-too-much": _(
                "At most five files, each up to 10 MB: choose fewer or smaller ones. Nothing was sent yet."
            ),
        }

    def agency_chosen(self) -> Agency:
        """The agency complained of."""
        return self.agencies[self.cleaned_data["about"]]

    def letter(self) -> Letter:
        """What is sealed."""
        return Letter(**{name: self.cleaned_data[name] for name in LONGEST if name in self.cleaned_data})

    def uploads(self) -> list[enclosures.Upload]:
        """The files; of one that is too large no more is read than shows it."""
        return [
            enclosures.Upload(file.name, file.read(enclosures.LARGEST + 1))
            for file in self.cleaned_data["files"]
        ]

"""Who writes by a public form: name and where the answer goes. Never kept in the browser."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.correspondence.intake import LONGEST
from gongkai.correspondence.writer import PARTICULARS


class WriterForm(forms.Form):
    """A form with the particulars of who writes; a telephone number or an e-mail address is needed."""

    PRIVATE: tuple[str, ...] = tuple(PARTICULARS)

    name = forms.CharField(
        label=_("Your name"),
        max_length=LONGEST["name"],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=LONGEST["phone"],
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        help_text=_("Telephone or e-mail: one of them is enough."),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=LONGEST["email"],
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    address = forms.CharField(
        label=_("Address"),
        max_length=LONGEST["address"],
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.PRIVATE:
            self.fields[name].widget.attrs["data-private"] = ""

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not said.get("phone") and not said.get("email") and not self.errors.keys() & {"phone", "email"}:
            self.add_error("phone", _("Give a telephone number or an e-mail address for the answer."))
        return said

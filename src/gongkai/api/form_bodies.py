"""A form of the screens as a JSON body: its schema for the document, and its data for the form.

So what a person may enter on a page and what a program may send are the same thing, and a new act needs no line
here. The schema refuses what is not of the form at all; the form itself then says what a person would be told.
"""

import base64
import binascii
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, SuspiciousFileOperation
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, create_model

from gongkai.api.problems import wrong_fields
from gongkai.api.values import Day, Id, Time

LONGEST_CHOICE = 200
MOST_FILES = 10
BASE64 = r"^[A-Za-z0-9+/]*={0,2}$"


class Said(BaseModel):
    """The base of every body: unknown fields are refused, nothing is converted."""

    model_config = ConfigDict(extra="forbid", strict=True)


class SentFile(Said):
    """A file inside the body."""

    name: str = Field(
        min_length=1,
        max_length=200,
        pattern=r"^[^/\\\x00-\x1f\x7f]+$",
        description="With its ending and without a folder; the content decides what it is.",
    )
    data: str = Field(
        pattern=BASE64,
        description="The bytes in base64; the whole body has at most 12 MB.",
        json_schema_extra={"contentEncoding": "base64"},
    )


def body_of(name: str, fields: Mapping[str, forms.Field], **more: Any) -> type[BaseModel]:
    """The model of a form's body, from the form's fields; more: further fields of the model, as pydantic takes
    them. Choices that hang on the case are texts here; the form checks them."""
    made: dict[str, Any] = {}
    for key, field in fields.items():
        kind = _kind(field)
        words = both(field.label or key, field.help_text)
        if field.required:
            made[key] = (kind, Field(description=words))
        else:
            made[key] = (kind | None, Field(None, description=words))
    return create_model(name, __base__=Said, **made, **more)


def both(label: Any, more: Any = "") -> str:
    """A label of a form and its help, in English and in Chinese."""
    said = []
    for language in ("en", "zh-hans"):
        with translation.override(language):
            text = str(label).rstrip("。. ")
            if more:
                text += f". {more}" if language == "en" else f"。{more}"
            said.append(text)
    english, chinese = said
    return english if english == chinese else f"{english} · {chinese}"


def _kind(field: forms.Field) -> Any:
    """The type of a field's value in JSON."""
    if isinstance(field, forms.FileField):
        # A field for several files is a list, as its widget says.
        several = getattr(field.widget, "allow_multiple_selected", False)
        return Annotated[list[SentFile], Field(max_length=MOST_FILES)] if several else SentFile
    if isinstance(field, forms.BooleanField):
        return bool
    if isinstance(field, forms.IntegerField):
        return Annotated[int, Field(ge=field.min_value, le=field.max_value)]
    if isinstance(field, forms.DateField):
        return Day
    if isinstance(field, forms.TimeField):
        return Time
    if isinstance(field, forms.UUIDField | forms.ModelChoiceField):
        return Id
    if isinstance(field, forms.MultipleChoiceField):
        return list[_choice(field)]  # type: ignore[misc]
    if isinstance(field, forms.ChoiceField):
        return _choice(field)
    # Every other field of a form takes text, and says itself what is wrong with it.
    longest = getattr(field, "max_length", None)
    return Annotated[str, Field(min_length=1 if field.required else None, max_length=longest)]


def _choice(field: Any) -> Any:
    values = []
    for value, label in field.choices if not callable(field.choices) else ():
        if isinstance(label, list | tuple):
            values += [str(inner) for inner, _label in label]
        else:
            values.append(str(value))
    values = [value for value in values if value or not field.required]
    if not any(values):
        return Annotated[str, Field(min_length=1 if field.required else None, max_length=LONGEST_CHOICE)]
    return Literal[tuple(dict.fromkeys(values))]  # type: ignore[valid-type]


def data_of(said: Mapping[str, Any]) -> tuple[MultiValueDict[str, Any], MultiValueDict[str, Any]]:
    """A body as the data and the files of a form. Raises Problem (422) for a file that is not in base64."""
    data: MultiValueDict[str, Any] = MultiValueDict()
    files: MultiValueDict[str, Any] = MultiValueDict()
    for name, value in said.items():
        values = value if isinstance(value, list) else [value]
        if any(isinstance(each, Mapping) for each in values):
            files.setlist(name, [_file(each, name) for each in values])
        else:
            data.setlist(name, values)
    return data, files


def filled(form: type[Any], said: Mapping[str, Any], **extra: Any) -> Any:
    """The form, filled in with a body and valid. extra: what its constructor takes. Raises Problem (422), also for
    a field that this case does not ask for: what was sent is never dropped in silence."""
    made = form(*data_of(said), **extra)
    if surplus := sorted(set(said) - set(made.fields)):
        raise wrong_fields(dict.fromkeys(surplus, _("This is not asked for here now; leave it out.")))
    if not made.is_valid():
        raise wrong_fields(*faults(made))
    return made


def _file(sent: Mapping[str, str], field: str) -> SimpleUploadedFile:
    try:
        content = base64.b64decode(sent["data"], validate=True)
    except (ValueError, binascii.Error):
        raise wrong_fields({field: _("The file is not in base64.")}) from None
    try:
        return SimpleUploadedFile(sent["name"], content)
    except SuspiciousFileOperation:
        raise wrong_fields({field: _("The file needs a name, as 说明.pdf.")}) from None


def faults(form: forms.BaseForm) -> tuple[dict[str, str], str]:
    """What a form found: a sentence per field, and one for the whole."""
    fields = {name: " ".join(words) for name, words in form.errors.items() if name != NON_FIELD_ERRORS}
    return fields, " ".join(form.non_field_errors())

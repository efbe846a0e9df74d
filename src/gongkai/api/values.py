"""Values that stand in many places: a day, a time, an identifier; each a text of one form."""

from datetime import date
from typing import Annotated

from django.utils.translation import gettext as _
from pydantic import AfterValidator, Field

DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
TIME = r"^[0-9]{2}:[0-9]{2}$"
UUID = r"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"


def _real(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise ValueError(_("There is no such day.")) from None
    return text


Day = Annotated[str, Field(pattern=DAY, json_schema_extra={"format": "date"}), AfterValidator(_real)]
Time = Annotated[str, Field(pattern=TIME)]
Id = Annotated[str, Field(pattern=UUID, json_schema_extra={"format": "uuid"})]

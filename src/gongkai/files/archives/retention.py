"""How long a file is kept, and from which day it is appraised (鉴定).

A period runs from 1 January of the year after the year of filing. What is kept permanently is handed over to the
national archives after a term that depends on their level (档案法实施条例 20); it is appraised for that.
"""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies import options
from gongkai.agencies.models import Agency
from gongkai.agencies.options import NUMBER, TEXT, Option
from gongkai.agencies.policy import Refused
from gongkai.files.archives.kinds import GROUP, years_option

FONDS, OFFICE, FORM, TRANSFER = "archive_fonds", "archive_office", "archive_form", "archive_transfer_years"
PERMANENT = 0

options.declare(
    Option(
        FONDS, GROUP, gettext_lazy("Fonds number"), TEXT, "",
        words=gettext_lazy("The number (全宗号) given by the national archives; empty: the agency's code."),
    ),
    Option(OFFICE, GROUP, gettext_lazy("Code of the office in archive numbers"), TEXT, "XXGK"),
    Option(
        FORM, GROUP, gettext_lazy("Form of archive numbers"), TEXT,
        "{fonds}-WS·{year}-{period}-{office}-{n:04d}",
        words=gettext_lazy("With {fonds}, {year}, {period} (Y, D30, D10), {office} and {n}; as in DA/T 22."),
    ),
    Option(
        TRANSFER, GROUP, gettext_lazy("Years until permanent files are handed over"), NUMBER, 10,
        words=gettext_lazy("10 to the archives of a county, 20 to those of a city and above."),
        least=1, most=50, law="档案法实施条例第二十条",
    ),
)  # fmt: skip


def years_of(agency: Agency, kind: str) -> int:
    """For how many years the agency keeps files of a kind; 0: permanently."""
    return int(options.read(agency, years_option(kind)))


def code(years: int) -> str:
    """The retention period as archive numbers write it: Y, D30, D10."""
    return f"D{years}" if years else "Y"


def number_form(agency: Agency, years: int) -> str:
    """The form of the agency's archive numbers, for `numbering.issue`, with what is known filled in.

    Raises Refused where the setting holds a name that no number has, or where the numbers would get too long.
    """
    form = str(options.read(agency, FORM))
    known = {
        "fonds": str(options.read(agency, FONDS)) or agency.code,
        "period": code(years),
        "office": str(options.read(agency, OFFICE)),
    }
    for name, value in known.items():
        form = form.replace(f"{{{name}}}", value.replace("{", "").replace("}", ""))
    try:
        longest = form.format(year=9999, n=999_999, mark=agency.document_mark, code=agency.code)
        different = form.format(year=9999, n=1, mark="", code="") != form.format(
            year=9999, n=2, mark="", code=""
        )
    except (KeyError, IndexError, ValueError, AttributeError) as error:
        raise Refused(
            _("The form of archive numbers in the settings cannot be read; set it right.")
        ) from error
    if len(longest) > 80 or not different:
        raise Refused(
            _("The form of archive numbers in the settings is too long, or lacks {n}; set it right.")
        )
    return form


def appraised_from(agency: Agency, year: int, years: int) -> date:
    """The day from which a file of that year is appraised: its period is over, or it is to be handed over."""
    kept = years or int(options.read(agency, TRANSFER))
    return date(year + 1 + kept, 1, 1)

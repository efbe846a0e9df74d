"""Complaints about disclosure: to which agency they go, and how they come in by the public form.

Citizens, legal persons and other organisations who hold that an agency does not do its duties of disclosure complain
to the agency above it or to the department in charge (政府信息公开条例 第四十七条、第五十一条). So a complaint is a matter of
the nearest agency above that has a supervisor, and no member of staff of the agency complained of sees it.
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from gongkai.agencies.models import Agency, Appointment, Role
from gongkai.agencies.policy import Refused, effective
from gongkai.correspondence import intake
from gongkai.correspondence.enclosures import Upload
from gongkai.correspondence.models import Topic
from gongkai.correspondence.procedure import Kind
from gongkai.correspondence.writer import Letter
from gongkai.journal import clock


def superiors() -> dict[Agency, Agency]:
    """Every agency about which a complaint can be made here → the one that takes it, in the order of the tree."""
    agencies = list(Agency.objects.all())
    seats = set(
        Appointment.objects.filter(effective(clock.today()), role=Role.SUPERVISOR).values_list(
            "agency", flat=True
        )
    )
    by_id = {agency.pk: agency for agency in agencies}
    found: dict[Agency, Agency] = {}
    for agency in agencies:
        above = by_id.get(agency.parent_id) if agency.parent_id else None
        while above is not None and above.pk not in seats:
            above = by_id.get(above.parent_id) if above.parent_id else None
        if above is not None:
            found[agency] = above
    return found


def receive(
    about: Agency,
    letter: Letter,
    *,
    topic: str,
    application: str = "",
    files: Iterable[Upload] = (),
    address: str = "",
    form: str = "",
    proved: bool = True,
) -> intake.Registered:
    """A complaint from the public form. Raises Refused.

    about: the agency complained of; topic: of `Topic.of(Kind.COMPLAINT)`; application: the number of the application
    that it is about; address, form, proved: as intake.receive has them.
    """
    above = superiors().get(about)
    if above is None:
        raise Refused(
            _("Complaints about this agency are not taken here: turn to the agency above it (art. 51).")
        )
    if topic not in dict(Topic.of(Kind.COMPLAINT)):
        raise Refused(_("Choose what the complaint is about."))
    return intake.register_public(
        above,
        Kind.COMPLAINT,
        letter,
        address=address,
        form=form,
        proved=proved,
        topic=topic,
        about=about,
        source_number=application.strip(),
        files=files,
    )

"""Navigation and inbox of countersigning, legal review and the seal; and the words of a letter's next step."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies import navigation
from gongkai.agencies.navigation import Link
from gongkai.applications import endorsing, renewing, sealing_register
from gongkai.applications.models import Letter, Stage


def next_step(letter: Letter) -> str:
    """What the handlers have to do with an unsent letter."""
    if letter.number:
        if renewing.overtaken(letter):
            return _("return to review: the law on remedies has changed")
        return _("have it stamped") if sealing_register.lacking(letter) else _("send")
    stage = endorsing.waiting_for(letter)
    if stage is not None:
        return _("waits for %(stage)s") % {"stage": stage.label}
    # Not .last(): a list of letters brings them along.
    last = max(letter.endorsements.all(), key=lambda each: each.pk, default=None)
    if last is not None and not last.agreed and last.digest != letter.offered:
        return _("returned by %(stage)s: mend it") % {"stage": Stage(last.stage).label}
    return _("write and submit")


def register() -> None:
    """Called once, from the room's AppConfig.ready."""
    navigation.add(
        Link(
            gettext_lazy("Applications"),
            gettext_lazy("Register of seal use"),
            "applications:seal_register",
            "application.seal_register",
            34,
            seldom=True,
        )
    )
    navigation.provide("endorsements", endorsing.waiting)

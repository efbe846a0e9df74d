"""What the one permission policy says of this room."""

from django.utils.translation import gettext_lazy as _

from gongkai.agencies import policy

# The heading of the administrators' entries; its words stand in the catalogue of the agencies.
_HEADING = "Administration"
ADMINISTRATION = _(_HEADING)

policy.grant("message.read", policy.system, _("see the outgoing reminders"))

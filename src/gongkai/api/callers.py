"""Who calls: a token becomes an actor with the rights of one person in one agency, narrowed by its scopes (I6)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Any

from django.db.models import F
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from gongkai.agencies.policy import BUSINESS, Actor, actor_for
from gongkai.api import integrations
from gongkai.api.models import Integration, TokenIssue, Use
from gongkai.api.problems import Problem
from gongkai.applications import throttle
from gongkai.journal import clock
from gongkai.journal.chain import Who

# Wrong tokens from one network address in ten minutes, before it has to wait.
WRONG_TOKENS = 30
LONGEST_TOKEN = 200


@dataclass(frozen=True)
class Caller(Actor):
    """The person an integration acts for, with their appointments in its agency alone; the journal names both."""

    integration: Integration | None = None

    @property
    def who(self) -> Who:
        """Person and program, as the journal names them: 张三（接口：一网通办）."""
        assert self.integration is not None
        name = f"{self.person.name[:24]}（接口：{self.integration.name}）"
        return Who(str(self.person.pk), name, self.hat, self.address)


class Token(HttpBearer):
    """Admits a request by its bearer token where the token has every one of `scopes`; nothing else admits one."""

    def __init__(self, *scopes: str) -> None:
        super().__init__()
        self.scopes = scopes

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """The Caller. Raises Problem: 401 for a token that is not (or no longer) one, 403, 429."""
        caller = admit(token, request.META.get("REMOTE_ADDR", "")[:45])
        assert caller.integration is not None
        if missing := [scope for scope in self.scopes if scope not in caller.integration.scopes]:
            words = _("This token lacks the scope %(scope)s; have an integration with it confirmed.")
            raise Problem(403, words % {"scope": "、".join(missing)})
        return caller


def admit(token: str, address: str) -> Caller:
    """The caller of a token from that network address; counts the call. Raises Problem."""
    integration = _integration(token, address)
    if integration.networks and not _inside(address, integration.networks):
        raise Problem(403, _("This token is not for calls from your network."))
    actor = actor_for(integration.person, BUSINESS, address=address)
    held = tuple(a for a in actor.appointments if a.agency_id == integration.agency_id)
    if actor.hat != BUSINESS or not held:
        words = _(
            "The person for whom this token acts holds no role in the agency today; the system administrator proposes a new integration."
        )
        raise Problem(403, words)
    _count(integration, address)
    return Caller(actor.person, BUSINESS, held, address, (BUSINESS,), integration)


def _integration(token: str, address: str) -> Integration:
    issue = None
    if len(token) <= LONGEST_TOKEN:
        issue = (
            TokenIssue.objects.filter(digest=integrations.digest(token))
            .select_related("integration__agency", "integration__person", "integration__revocation")
            .first()
        )
    if issue is None:
        # Only who has no token is slowed down: behind a proxy all programs share one address.
        if throttle.spent("api", address, WRONG_TOKENS, windows=1):
            raise too_many(_("Too many wrong tokens came from your network."), throttle.WINDOW)
        throttle.count("api", address)
        raise _unknown(_("This token is not known; copy it anew, or have a new one issued."))
    integration = issue.integration
    if hasattr(integration, "revocation"):
        raise _unknown(_("This token was revoked."))
    if integration.tokens.filter(pk__gt=issue.pk).exists():
        raise _unknown(_("A newer token was issued in the place of this one."))
    if integration.expires_on < clock.today():
        words = _("This token ran out on %(on)s; have a new integration confirmed.")
        raise _unknown(words % {"on": integration.expires_on})
    return integration


def _unknown(words: str) -> Problem:
    return Problem(401, words, headers={"WWW-Authenticate": "Bearer"})


def _inside(address: str, networks: list[str]) -> bool:
    try:
        here = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(here, "ipv4_mapped", None) or here
    return any(mapped in ip_network(network) for network in networks)


def _count(integration: Integration, address: str) -> None:
    """Count the call in its minute; one statement each, so that two at once are both counted."""
    now = clock.now()
    minute = now.replace(second=0, microsecond=0)
    mine = Use.objects.filter(integration=integration)
    fields = {"at": now, "address": address}
    for _turn in range(2):
        if mine.filter(minute=minute, count__lt=integration.per_minute).update(
            count=F("count") + 1, **fields
        ):
            return
        # Where another call began the minute between the two statements, it is counted in the second turn.
        if mine.exclude(minute=minute).update(minute=minute, count=1, **fields):
            return
    words = _("Only %(n)d calls a minute are answered to this token.") % {"n": integration.per_minute}
    raise too_many(words, timedelta(minutes=1), now)


def too_many(words: str, window: timedelta, now: datetime | None = None) -> Problem:
    """429, with how long to wait: until the running window ends."""
    moment = now or clock.now()
    length = int(window.total_seconds())
    wait = length - int(moment.timestamp()) % length
    said = _("%(words)s Wait %(n)d seconds.") % {"words": words, "n": wait}
    return Problem(429, said, headers={"Retry-After": str(wait)})

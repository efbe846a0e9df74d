"""What subscribers are told, and when: each release is matched with what is wanted, and goes out in bounded batches.

A mail holds titles and addresses of what is public at the moment it is sent; that is asked again for each line. What
goes out is claimed before, so a crash at the worst moment loses one mail and sends none twice.
"""

import logging
import smtplib
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db.models import Min
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gongkai.agencies.papers import in_chinese
from gongkai.channels import subscriptions
from gongkai.channels.identity import identity
from gongkai.channels.subscription_models import Anchor, Heard, Notification, Subscription, Wanted
from gongkai.files import sealing
from gongkai.journal import clock
from gongkai.review.models import Release
from gongkai.review.submission import content_of, live_release
from gongkai.search import entries, filetexts, follow, index, percolating
from gongkai.search.entries import Entry

log = logging.getLogger(__name__)
# One sweep matches and sends at most so much; the next goes on.
RELEASES, MAILS, SECONDS = 100, 200, 60.0
TERMS, ROWS = 800, 1000
# Lines of one mail; the rest is a number and a link.
LINES = 50
REFUSALS = 3
LONGEST_WAIT = timedelta(hours=12)
# What could not be sent in so long is no news any more; what was sent is kept so long, to be sent once.
NEWS, KEPT = timedelta(days=7), timedelta(days=60)


# Matching


def on_release(payload: dict[str, Any]) -> None:
    """Handler of review.released: one row; who wants it is found by the sweep."""
    if entries.maker_of(payload["kind"]) is not None:
        Heard.objects.get_or_create(release_id=payload["release"], defaults={"heard_at": clock.now()})


def match_new(limit: int = RELEASES) -> int:
    """Match the releases that nobody has been told of; how many."""
    done = 0
    for heard in Heard.objects.filter(done_at__isnull=True).order_by("heard_at")[:limit]:
        try:
            match(heard.release)
        except index.IndexMissing:
            # The index is being made anew; the release waits for it.
            break
        Heard.objects.filter(pk=heard.pk).update(done_at=clock.now())
        done += 1
    return done


def match(release: Release) -> int:
    """Note a release for every subscription that wants it; how many. Raises index.IndexMissing."""
    entry = entry_of(release)
    if entry is None:
        return 0
    wanted = [row.pk for row in _wanting(release, entry)]
    rows = Subscription.objects.filter(wanted__in=wanted, confirmed_at__isnull=False)
    moments = {each: subscriptions.due(each) for each in Subscription.Frequency.values}
    count = 0
    for group in _groups(rows.values_list("pk", "frequency").iterator(chunk_size=ROWS), ROWS):
        Notification.objects.bulk_create(
            [Notification(subscription_id=pk, release=release, due_at=moments[often]) for pk, often in group],
            ignore_conflicts=True,
        )
        count += len(group)
    return count


def entry_of(release: Release) -> Entry | None:
    """What is found of a release, or None where it is not what is public now."""
    live = live_release(release.subject_kind, release.subject_id)
    maker, content = entries.maker_of(release.subject_kind), content_of(release.digest)
    if live is None or live.pk != release.pk or maker is None or content is None:
        return None
    return maker(release, content)


def _wanting(release: Release, entry: Entry) -> Iterator[Wanted]:
    """Each search that finds the entry: of the few that share a rare term with it."""
    kind = release.subject_kind
    entry, _whole = filetexts.completed(entry)
    found: set[int] = set()
    for terms in _groups(percolating.terms(kind, entry), TERMS):
        found.update(Anchor.objects.filter(term__in=terms).values_list("wanted_id", flat=True))
    asking: percolating.Asking | None = None
    for keys in _groups(found, TERMS):
        for row in Wanted.objects.filter(pk__in=keys):
            chosen = {name: value for name, value in row.chosen.items() if name in index.FACETS}
            if not percolating.fits(kind, entry, chosen, *subscriptions.days(row.chosen)):
                continue
            if row.query:
                asking = asking or percolating.Asking(follow.key(kind, release.subject_id))
                if not asking.has(row.query, exact=bool(row.chosen.get("exact"))):
                    continue
            yield row


def _groups(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    group: list[Any] = []
    for row in rows:
        group.append(row)
        if len(group) == size:
            yield group
            group = []
    if group:
        yield group


# Sending


@dataclass(frozen=True)
class Line:
    """One released page as a mail names it; again: it was public before and has changed."""

    title: str
    url: str
    on: Any
    agency: str
    again: bool


def sweep() -> int:
    """Match, send and clean up; how many mails went out."""
    match_new()
    sent = send()
    subscriptions.forget_unconfirmed()
    now = clock.now()
    Notification.objects.filter(claimed_at__isnull=True, due_at__lt=now - NEWS).delete()
    Notification.objects.filter(claimed_at__lt=now - KEPT).delete()
    Heard.objects.filter(done_at__lt=now - KEPT).delete()
    return sent


def send(limit: int = MAILS, seconds: float = SECONDS) -> int:
    """Send what is due, the longest due first, within bounds; how many mails went out."""
    if not subscriptions.offered():
        return 0
    now, until, sent = clock.now(), time.monotonic() + seconds, 0
    asks = Subscription.objects.filter(ask_due__lte=now).order_by("ask_due")
    waiting = Notification.objects.filter(claimed_at__isnull=True, due_at__lte=now)
    due = waiting.values("subscription").annotate(first=Min("due_at")).order_by("first")
    work: list[tuple[bool, Any]] = [(True, pk) for pk in asks.values_list("pk", flat=True)[:limit]]
    work += [(False, row["subscription"]) for row in due[: limit - len(work)]]
    if not work:
        return 0
    post = get_connection()
    try:
        post.open()
    except (OSError, smtplib.SMTPException) as error:
        log.warning("mail server not reached: %s", type(error).__name__)
        return 0
    try:
        for about_itself, pk in work:
            if time.monotonic() > until:
                break
            row = Subscription.objects.select_related("wanted").filter(pk=pk).first()
            if row is not None:
                sent += (_ask if about_itself else _tell)(post, row, now)
    except (OSError, smtplib.SMTPServerDisconnected) as error:
        log.warning("mail server broke off: %s", type(error).__name__)
    finally:
        post.close()
    return sent


def _ask(post: Any, row: Subscription, now: datetime) -> int:
    """The mail about a subscription itself: please confirm, or it is there already."""
    if not Subscription.objects.filter(pk=row.pk, ask_due__lte=now).update(ask_due=None):
        return 0

    def later() -> None:
        wait = _wait(row)
        Subscription.objects.filter(pk=row.pk).update(ask_due=now + wait, failures=row.failures + 1)

    return _post(post, row, about(row), f"ask.{now:%Y%m%d%H%M%S}", later)


def _tell(post: Any, row: Subscription, now: datetime) -> int:
    """The mail with what was released; nothing where all of it is gone again."""
    mine = row.notifications.filter(claimed_at__isnull=True, due_at__lte=now)
    claimed = clock.now()
    if row.confirmed_at is None or not mine.update(claimed_at=claimed):
        return 0
    taken = row.notifications.filter(claimed_at=claimed).select_related("release").order_by("release_id")
    found = list(taken)

    def later() -> None:
        wait = _wait(row)
        row.notifications.filter(pk__in=[each.pk for each in found]).update(
            claimed_at=None, due_at=now + wait
        )
        Subscription.objects.filter(pk=row.pk).update(failures=row.failures + 1)

    lines = [line for each in found if (line := _line(each.release))]
    if not lines:
        return 0
    return _post(post, row, news(row, lines), f"{found[-1].release_id}.{claimed:%Y%m%d%H%M%S}", later)


def _wait(row: Subscription) -> timedelta:
    return min(timedelta(minutes=5) * 2 ** min(row.failures, 10), LONGEST_WAIT)


def _line(release: Release) -> Line | None:
    """A release as it is public now; None once it is withdrawn or another took its place."""
    entry = entry_of(release)
    if entry is None:
        return None
    before = Release.objects.filter(
        subject_kind=release.subject_kind, subject_id=release.subject_id, pk__lt=release.pk
    )
    return Line(entry.title, identity().origin + entry.url, entry.on, entry.agency, before.exists())


def _post(post: Any, row: Subscription, mail: "Mail", mark: str, later: Any) -> int:
    """Send one mail; what the other side refuses for good again and again ends the subscription."""
    try:
        message = mail.message(subscriptions.address_of(row), f"<{row.pk.hex}.{mark}@{identity().domain}>")
        post.send_messages([message])
    except sealing.Sealed:
        log.error("subscription %s does not open", row.pk)
        return 0
    except smtplib.SMTPServerDisconnected:
        later()
        raise
    except smtplib.SMTPException as error:
        if not _for_good(error):
            later()
        elif row.refused + 1 >= REFUSALS:
            subscriptions.drop(row)
        else:
            later()
            Subscription.objects.filter(pk=row.pk).update(refused=row.refused + 1)
        return 0
    except OSError:
        later()
        raise
    Subscription.objects.filter(pk=row.pk).update(refused=0, failures=0)
    return 1


def _for_good(error: smtplib.SMTPException) -> bool:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _words in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500


# Words


@dataclass(frozen=True)
class Mail:
    """One mail, before it has an address."""

    subject: str
    text: str
    html: str
    end_url: str

    def message(self, address: str, key: str) -> EmailMultiAlternatives:
        """The message, which a reader's program can end the subscription from (RFC 8058)."""
        headers = {"Auto-Submitted": "auto-generated", "Message-ID": key}
        if self.end_url:
            headers |= {
                "List-Unsubscribe": f"<{self.end_url}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            }
        made = EmailMultiAlternatives(self.subject, self.text, settings.MAIL_FROM, [address], headers=headers)
        made.attach_alternative(self.html, "text/html")
        return made


def _mail(subject: str, name: str, end_url: str = "", **context: Any) -> Mail:
    site = identity()
    said = context | {"site": site, "subject": subject, "end_url": end_url}
    text, html = (render_to_string(f"channels/mail/{name}.{form}", said) for form in ("txt", "html"))
    return Mail(f"{subject} - {site.name}", text.strip() + "\n", html, end_url)


@in_chinese
def about(row: Subscription) -> Mail:
    """To confirm; of what, the page says: words that somebody else may have typed stand in no mail to a stranger."""
    origin = identity().origin
    if row.confirmed_at is None:
        url = f"{origin}/subscribe/confirm/{subscriptions.confirm_token(row)}/"
        return _mail(_("Please confirm your subscription"), "confirm", url=url)
    url = f"{origin}/subscribe/manage/{subscriptions.manage_token(row)}/"
    return _mail(_("This subscription is there already"), "known", url=url)


@in_chinese
def news(row: Subscription, lines: list[Line]) -> Mail:
    """What was released, newest last, with the ways to change and to end it."""
    origin = identity().origin
    label = subscriptions.label(row.wanted)
    subject = ngettext("%(label)s: %(n)d new page", "%(label)s: %(n)d new pages", len(lines))
    return _mail(
        subject % {"label": label, "n": len(lines)},
        "news",
        f"{origin}/subscribe/end/{subscriptions.end_token(row)}/",
        label=label,
        lines=lines[:LINES],
        more=max(0, len(lines) - LINES),
        manage_url=f"{origin}/subscribe/manage/{subscriptions.manage_token(row)}/",
    )

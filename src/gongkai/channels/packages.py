"""Packages for an agency without a site of its own: what its clerk puts up on the district's platform (集约化平台).

Each release, change and withdrawal makes one. A package is a signed zip built from the records when it is asked for:
the page, its text alone, the attachments, the catalogue metadata (rulebook 8.2), the digest of each. The address where
it was put is written back and read again: the normalised title and text must stand on the page there, and behind its
links every attachment with the same digest. What was withdrawn is followed until the removal is confirmed (I9).
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit
from uuid import UUID

import lxml.html
from django.db import IntegrityError, transaction
from django.db.models import Max, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies import options
from gongkai.agencies.models import Agency
from gongkai.agencies.options import FLAG, TEXT, Option
from gongkai.agencies.policy import Actor, Refused, grant, handler, head, oversees, require, staff
from gongkai.channels import fetching, renderers
from gongkai.channels.export_models import Package, PackageEvent
from gongkai.channels.package_files import built, normalised, texts, validity_of
from gongkai.channels.parts import newest, withdrawal_of
from gongkai.journal import canon, chain, clock
from gongkai.journal.chain import SWEEPER
from gongkai.review.models import Release, Withdrawal

What = PackageEvent.What
READ, EDIT = "package.read", "package.edit"
grant(READ, staff | oversees, gettext_lazy("see the packages of this agency"))
grant(EDIT, handler | head, gettext_lazy("handle the packages of this agency"))

ON, HOSTS = "platform_packages", "platform_hosts"
options.declare(
    Option(
        ON, gettext_lazy("Public site"), gettext_lazy("Packages for the district's platform"), FLAG, False,
        words=gettext_lazy("Each release, change and withdrawal makes a package that the clerk puts up there."),
    ),
    Option(
        HOSTS, gettext_lazy("Public site"), gettext_lazy("Hosts of the platform in internal networks"), TEXT, "",
        words=gettext_lazy("Separated by spaces. Only these may be read although they are not on the internet."),
    ),
)  # fmt: skip

AGAIN = timedelta(days=7)
AT_ONCE = 50
# Before the digest of an attachment in the words of an event.
ABOUT = "SM3 "
# So many links of the page there are read in search of the attachments.
MOST_LINKS = 60
_CHARSET = re.compile(r"""charset=["']?([\w-]+)""", re.IGNORECASE)


# Making


def on_release(payload: dict[str, Any]) -> None:
    """Handler of review.released and review.withdrawn; bears being called twice."""
    make(payload["kind"], UUID(str(payload["subject"])))


def on_together(payload: dict[str, Any]) -> None:
    """Handler of review.together. What comes by a manifest stands elsewhere already and makes no package; what the
    platform has of it is changed or removed there."""
    for row in payload["releases"]:
        if _before(row["kind"], UUID(row["subject"])) is not None:
            make(row["kind"], UUID(row["subject"]))


def on_item_changed(payload: dict[str, Any]) -> None:
    """Handler of item.changed: a notice whose last day is over, a document that lapsed, read otherwise now."""
    renew("item", UUID(str(payload["item"])))


def _before(kind: str, subject: UUID) -> Package | None:
    return Package.objects.filter(subject_kind=kind, subject_id=subject).order_by("-pk").first()


def make(kind: str, subject: UUID) -> Package | None:
    """The package of the latest release or withdrawal of a subject; None where its agency wants none."""
    release = newest(kind, subject)
    if release is None or renderers.kind_of(kind) is None or not options.read(release.agency, ON):
        return None
    withdrawal = withdrawal_of(release)
    there = Package.objects.filter(release=release, withdrawal=withdrawal).order_by("-pk").first()
    if there is not None:
        return there
    before = _before(kind, subject)
    what = Package.What.PUBLISH
    if withdrawal is not None:
        if before is None:
            return None
        what = Package.What.REMOVE
    elif before is not None and before.what != Package.What.REMOVE:
        what = Package.What.CHANGE
    return _made(_row(release, withdrawal, what))


def renew(kind: str, subject: UUID) -> Package | None:
    """A further package where the page of a release reads otherwise than its last one holds; None where it does not."""
    release, before = newest(kind, subject), _before(kind, subject)
    if release is None or before is None or withdrawal_of(release) is not None:
        return None
    if before.release_id != release.pk or not options.read(release.agency, ON):
        return None
    row = _row(release, None, Package.What.CHANGE, again=(before.again or 0) + 1)
    if (row.text_digest, row.attachments) == (before.text_digest, before.attachments):
        return None
    return _made(row)


def _row(release: Release, withdrawal: Withdrawal | None, what: str, again: int | None = None) -> Package:
    """A package as it would be now, not saved."""
    package = Package(
        agency=release.agency,
        subject_kind=release.subject_kind,
        subject_id=release.subject_id,
        what=what,
        title=release.revision.title[:300],
        release=release,
        withdrawal=withdrawal,
        again=again,
        slot=f"withdrawal {withdrawal.pk}" if withdrawal else f"release {release.pk} {again or 0}",
        made_at=clock.now(),
    )
    found = texts(package)
    if found is not None:
        package.text_digest = canon.sm3((found.title + found.text + validity_of(package)).encode())
        # By digest alone: the row stays when the files are erased, and a name may tell as much as its file.
        package.attachments = sorted(found.attachments)
    return package


def _made(package: Package) -> Package | None:
    """Save a package; where another process was first, that one."""
    package.digest = canon.sm3(built(package))
    try:
        with transaction.atomic():
            chain.hold()
            package.save()
            chain.record(
                "package.made",
                SWEEPER,
                agency=package.agency_id,
                subject=("package", package.pk),
                covers=[package],
            )
    except IntegrityError:
        rows = Package.objects.filter(release=package.release, withdrawal=package.withdrawal)
        return rows.filter(again=package.again).first()
    return package


# Its course


def newest_packages() -> QuerySet[Package]:
    """Of each subject the newest package: that is the one to be carried out. latest: its last event."""
    last = Package.objects.values("subject_kind", "subject_id").annotate(last=Max("pk")).values("last")
    event = PackageEvent.objects.filter(package=OuterRef("pk")).order_by("-pk")
    return Package.objects.filter(pk__in=last).annotate(
        latest=Coalesce(Subquery(event.values("what")[:1]), Value("")),
        latest_at=Subquery(event.values("at")[:1]),
    )


def latest_of(package: Package) -> PackageEvent | None:
    return package.events.order_by("-pk").first()


def address_of(package: Package) -> str:
    """Where the subject was put up there, by this package or one before it; empty while unknown."""
    events = PackageEvent.objects.filter(
        package__subject_kind=package.subject_kind, package__subject_id=package.subject_id
    )
    row = events.exclude(address="").order_by("-pk").first()
    return row.address if row else ""


def open_for(agencies: Any) -> QuerySet[Package]:
    """Packages that wait for somebody: not put up, differing, or not yet removed there."""
    done = {What.PLACED, What.SAME}
    rows = newest_packages().filter(agency__in=agencies)
    return rows.exclude(latest=What.REMOVED).exclude(
        latest__in=done, what__in=(Package.What.PUBLISH, Package.What.CHANGE)
    )


def _happened(
    package: Package, what: str, actor: Actor | None, *, address: str = "", note: str = ""
) -> PackageEvent:
    with transaction.atomic():
        chain.hold()
        row = PackageEvent.objects.create(
            package=package,
            what=what,
            at=clock.now(),
            person=actor.person if actor else None,
            address=address,
            note=note[:1000],
        )
        chain.record(
            f"package.{what}",
            actor.who if actor else SWEEPER,
            agency=package.agency_id,
            subject=("package", package.pk),
            covers=[row],
        )
    return row


def delivered(actor: Actor, package: Package) -> bytes:
    """The file, taken away by the clerk. Raises Refused."""
    require(actor, EDIT, package.agency)
    _require_newest(package)
    data = built(package)
    if latest_of(package) is None:
        _happened(package, What.DELIVERED, actor)
    return data


def place(actor: Actor, package: Package, address: str) -> PackageEvent:
    """Write back where it was put up, and read it there. Raises Refused."""
    require(actor, EDIT, package.agency)
    _require_newest(package)
    if package.withdrawal_id:
        raise Refused(_("This was withdrawn: it is to be removed there, not put up."))
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Refused(_("Copy the address from the browser: it begins with http:// or https://."))
    _happened(package, What.PLACED, actor, address=address)
    return check(package, actor)


def require_edit(actor: Actor, package: Package) -> None:
    """Raises Refused unless the actor may handle the package."""
    require(actor, EDIT, package.agency)


def _require_newest(package: Package) -> None:
    if not newest_packages().filter(pk=package.pk).exists():
        raise Refused(_("There is a newer package of this: use that one."))


def check(package: Package, actor: Actor | None = None) -> PackageEvent:
    """Read the page there and compare; what came out, as a further event. Raises Refused without an address."""
    address = address_of(package)
    if not address:
        raise Refused(_("Enter first where it was put up."))
    try:
        wrong = _differences(package, address)
    except fetching.CannotRead as error:
        return _happened(package, What.UNREADABLE, actor, note=str(error))
    if wrong:
        return _happened(package, What.DIFFERS, actor, note="；".join(wrong))
    return _happened(package, What.REMOVED if package.withdrawal_id else What.SAME, actor)


def _differences(package: Package, address: str) -> list[str]:
    """What is wrong with the page there, as Chinese sentences kept with the event."""
    allowed = str(options.read(package.agency, HOSTS)).lower().split()
    answer = fetching.read(address, allowed=allowed)
    wanted = texts(package)
    if package.withdrawal_id:
        if answer.status in (404, 410) or (wanted is not None and wanted.text not in _text(answer)):
            return []
        return [
            f"该网址仍可打开（{answer.status}）"
            + ("，正文仍在" if wanted is not None else "，请人工确认后登记")
        ]
    if answer.status != 200:
        return [f"该网址返回{answer.status}"]
    if wanted is None:
        return ["本机已无该信息的内容，无法比对"]
    text = _text(answer)
    wrong = []
    if wanted.title not in text:
        wrong.append("标题不符")
    if wanted.text not in text:
        wrong.append("正文不符")
    missing = dict(wanted.attachments)
    for link in _links(answer) if missing else ():
        try:
            missing.pop(canon.sm3(fetching.read(link, allowed=allowed).data), None)
        except fetching.CannotRead:
            continue
        if not missing:
            break
    # By digest: a name may tell as much as the file, and what is written here is never erased.
    return wrong + [f"缺少附件或附件不符：{ABOUT}{digest}" for digest in missing]


def note_of(event: PackageEvent) -> str:
    """What an event says, its attachments by their names while their content is here, by their digests afterwards."""
    if ABOUT not in event.note:
        return event.note
    said, wanted = event.note, texts(event.package)
    for digest, name in (wanted.attachments if wanted is not None else {}).items():
        said = said.replace(f"{ABOUT}{digest}", name)
    return said


def _root(answer: fetching.Answer) -> Any:
    try:
        return lxml.html.document_fromstring(_decoded(answer))
    except (ValueError, lxml.etree.ParserError):
        return lxml.html.document_fromstring("<html></html>")


def _decoded(answer: fetching.Answer) -> str:
    """The text of a page in the encoding that it states, else UTF-8, else GB 18030, which older platforms use."""
    said = _CHARSET.search(answer.kind) or _CHARSET.search(answer.data[:2048].decode("ascii", "ignore"))
    for encoding in (*((said[1],) if said else ()), "utf-8", "gb18030"):
        try:
            # A declaration of its own would make the parser refuse text that is decoded already.
            return re.sub(r"^\s*<\?xml[^>]*\?>", "", answer.data.decode(encoding))
        except (UnicodeDecodeError, LookupError):
            continue
    return answer.data.decode("utf-8", "replace")


def _text(answer: fetching.Answer) -> str:
    root = _root(answer)
    for element in root.xpath("//script|//style"):
        element.drop_tree()
    return normalised(root.text_content())


def _links(answer: fetching.Answer) -> Iterator[str]:
    """Addresses on the same host to which the page links, pages last."""
    host = urlsplit(answer.address).hostname
    found = [urljoin(answer.address, str(value)) for value in _root(answer).xpath("//a/@href")]
    same = [each for each in dict.fromkeys(found) if urlsplit(each).hostname == host]
    same.sort(key=lambda each: bool(re.search(r"(/|\.s?html?)$", urlsplit(each).path)))
    yield from same[:MOST_LINKS]


def removed(actor: Actor, package: Package, note: str) -> PackageEvent:
    """The clerk's word that it is gone there; where the page can be read it must bear that out. Raises Refused."""
    require(actor, EDIT, package.agency)
    _require_newest(package)
    if not package.withdrawal_id:
        raise Refused(_("Only what was withdrawn is removed there."))
    if address_of(package):
        outcome = check(package, actor)
        if outcome.what == What.REMOVED:
            return outcome
        if outcome.what == What.DIFFERS and "正文仍在" in outcome.note:
            raise Refused(_("It still stands there: have it removed first."))
    if not note.strip():
        raise Refused(_("It could not be read there. Say how you made sure that it is gone."))
    return _happened(package, What.REMOVED, actor, note=note)


def sweep() -> int:
    """Read again what was put up and not read for a week, and what is to be gone; how many were read."""
    before = clock.now() - AGAIN
    rows = (
        newest_packages()
        .filter(latest__in=(What.PLACED, What.SAME, What.DIFFERS, What.UNREADABLE), latest_at__lt=before)
        .select_related("agency", "release", "withdrawal")
    )
    read = 0
    for package in rows[:AT_ONCE]:
        if address_of(package):
            check(package)
            read += 1
    return read


def wanted_by(agency: Agency) -> bool:
    """Whether an agency's releases make packages."""
    return bool(options.read(agency, ON))

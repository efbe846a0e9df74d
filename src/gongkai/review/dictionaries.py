"""Dictionaries of an office (错敏词库): terms to find, of the whole instance or of one agency, with versions.

What is imported is shown before it counts; every change is a new version with who, when and why, and the terms of
each version stay. The security administrator keeps those of the instance, the head of the disclosure office those
of the agency.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.core import signing
from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai import screening
from gongkai.agencies.models import Agency
from gongkai.agencies.policy import Actor, Refused, grant, head, require, security
from gongkai.journal import canon, chain, clock
from gongkai.review.models import Dictionary, DictionaryTerms, DictionaryVersion
from gongkai.screening import Lexicon, Term

KEEP_SHARED, KEEP_OWN = "screening.dictionaries", "screening.own_dictionaries"
grant(KEEP_SHARED, security, gettext_lazy("keep the dictionaries of the instance"))
grant(KEEP_OWN, head, gettext_lazy("keep the dictionaries of this agency"))

MOST_DICTIONARIES, LARGEST_FILE = 20, 10 * 1024 * 1024
REPLACE, ADD = "replace", "add"
MODES = {
    REPLACE: gettext_lazy("the file takes the place of all terms"),
    ADD: gettext_lazy("the terms of the file are added, the others stay"),
}
_SALT = "gongkai.review.dictionaries"


@dataclass(frozen=True)
class Used:
    """One dictionary version in use: its number in the database, the digest of its terms, whether all share it."""

    version: int
    digest: str
    shared: bool


@dataclass(frozen=True)
class Preview:
    """What an import would bring, before it counts. token: names it, signed, for `take`."""

    terms: int
    added: list[Term]
    changed: list[Term]
    removed: list[Term]
    problems: list[str]
    token: str


def act_for(agency: Agency | None) -> str:
    """The policy's act of keeping the dictionaries of an agency, or (None) of the instance."""
    return KEEP_OWN if agency else KEEP_SHARED


def in_use(agency: Agency | None) -> tuple[Used, ...]:
    """The dictionary versions by which a content of this agency is screened: shared ones first, then its own."""
    newest = (
        DictionaryVersion.objects.filter(dictionary=OuterRef("dictionary"))
        .order_by("-number")
        .values("number")[:1]
    )
    whose = (
        Q(dictionary__agency__isnull=True) | Q(dictionary__agency=agency)
        if agency
        else Q(dictionary__agency__isnull=True)
    )
    rows = DictionaryVersion.objects.filter(whose, number=Subquery(newest), active=True)
    found = [
        Used(pk, digest, owner is None)
        for pk, digest, owner in rows.values_list("pk", "digest", "dictionary__agency").order_by("pk")
    ]
    return tuple(sorted(found, key=lambda used: not used.shared))


@lru_cache(maxsize=64)
def lexicon(lists: tuple[Used, ...]) -> Lexicon:
    """The software's own list with those of `lists`; made once for each set of versions. Where two say something
    of one term, the last counts: the agency's before the instance's before the software's."""
    builtin = screening.builtin_lexicon()
    return screening.merged(builtin, *(_read(used.digest) for used in lists)) if lists else builtin


@lru_cache(maxsize=32)
def _read(digest: str) -> Lexicon:
    return screening.Lexicon.of(_stored(digest), digest[:12])


def _stored(digest: str) -> list[Term]:
    row = DictionaryTerms.objects.filter(pk=digest).first()
    return [Term.from_json(each) for each in json.loads(row.text)] if row else []


def latest(dictionary: Dictionary) -> DictionaryVersion | None:
    """The version in force; None where nothing was imported yet."""
    return dictionary.versions.order_by("-number").first()


def terms_of(version: DictionaryVersion | None) -> list[Term]:
    """The terms of a version, by their wrong form."""
    return _stored(version.digest) if version else []


def begin(actor: Actor, agency: Agency | None, name: str) -> Dictionary:
    """A new, empty dictionary of the instance (None) or of an agency. Raises Refused."""
    require(actor, act_for(agency), agency)
    name = name.strip()
    if not 1 <= len(name) <= 60:
        raise Refused(_("The name of a dictionary is 1 to 60 characters long."))
    with transaction.atomic():
        chain.hold()
        there = Dictionary.objects.filter(agency=agency)
        if there.filter(name=name).exists():
            raise Refused(_("There is a dictionary of this name already: choose another name."))
        if there.count() >= MOST_DICTIONARIES:
            raise Refused(
                _("There are %(n)d dictionaries already: import into one of them.") % {"n": MOST_DICTIONARIES}
            )
        row = Dictionary.objects.create(
            agency=agency, name=name, person=actor.person, on_day=clock.today(), at=clock.now()
        )
        _record(actor, row, "screening.dictionary_begun", [row])
    return row


def preview(actor: Actor, dictionary: Dictionary, data: bytes, name: str, mode: str) -> Preview:
    """Read a file (xlsx, csv, txt, json) and say what it would change. Nothing counts before `take`.

    A bad row is told in one sentence and left out. Raises Refused where the file as a whole is none.
    """
    require(actor, act_for(dictionary.agency), dictionary.agency)
    if mode not in MODES:
        raise Refused(_("Choose whether the file replaces or adds."))
    if len(data) > LARGEST_FILE:
        raise Refused(_("“%(name)s” is larger than 10 MB; divide it.") % {"name": name})
    read = screening.read_terms(data, name)
    if not read.terms:
        raise Refused(read.problems[0] if read.problems else _("“%(name)s” holds no term.") % {"name": name})
    last = latest(dictionary)
    before = terms_of(last)
    after = _merged(before, read.terms) if mode == ADD else _merged([], read.terms)
    digest = _keep(actor, dictionary, after)
    added, changed, removed = _compared(before, after)
    token = signing.dumps(
        {
            "dictionary": str(dictionary.pk),
            "person": str(actor.person.pk),
            "digest": digest,
            "seen": last.number if last else 0,
            "name": name[-200:],
        },
        salt=_SALT,
    )
    return Preview(len(after), added, changed, removed, list(read.problems), token)


def take(actor: Actor, dictionary: Dictionary, token: str, reason: str) -> DictionaryVersion:
    """Let a previewed import count. Raises Refused where it is another's, or the dictionary changed since."""
    try:
        said = signing.loads(token, salt=_SALT, max_age=24 * 3600)
    except signing.BadSignature:
        raise Refused(_("This preview is no longer valid: choose the file again.")) from None
    if said["dictionary"] != str(dictionary.pk) or said["person"] != str(actor.person.pk):
        raise Refused(_("This preview is no longer valid: choose the file again."))
    return _set(
        actor,
        dictionary,
        _stored(said["digest"]),
        change=DictionaryVersion.Change.IMPORTED,
        seen=said["seen"],
        reason=reason,
        source=said["name"],
    )


def put(
    actor: Actor, dictionary: Dictionary, term: Term, *, instead_of: str = "", seen: int
) -> DictionaryVersion:
    """Add a term, or set it in the place of one (`instead_of`: its wrong form). Raises Refused."""
    before = terms_of(latest(dictionary))
    kept = [each for each in before if each.wrong != instead_of]
    if any(each.wrong == term.wrong for each in kept):
        raise Refused(
            _("“%(term)s” stands in the dictionary already: change it there.") % {"term": term.wrong}
        )
    return _set(
        actor, dictionary, [*kept, term], change=DictionaryVersion.Change.EDITED, seen=seen, reason=""
    )


def drop(actor: Actor, dictionary: Dictionary, wrong: str, *, seen: int) -> DictionaryVersion:
    """Take a term out. Raises Refused where it is not there."""
    before = terms_of(latest(dictionary))
    kept = [each for each in before if each.wrong != wrong]
    if len(kept) == len(before):
        raise Refused(_("“%(term)s” does not stand in the dictionary any more.") % {"term": wrong[:60]})
    return _set(actor, dictionary, kept, change=DictionaryVersion.Change.EDITED, seen=seen, reason="")


def switch(actor: Actor, dictionary: Dictionary, *, on: bool, reason: str) -> DictionaryVersion:
    """Take a dictionary out of use, or into use again. Raises Refused."""
    last = latest(dictionary)
    if last is None or last.active == on:
        raise Refused(_("The dictionary is in this state already."))
    if not reason.strip():
        raise Refused(_("Give the reason for the change; it stays with the version."))
    change = DictionaryVersion.Change.ON if on else DictionaryVersion.Change.OFF
    return _set(actor, dictionary, terms_of(last), change=change, seen=last.number, reason=reason, active=on)


def _set(
    actor: Actor,
    dictionary: Dictionary,
    terms: Iterable[Term],
    *,
    change: str,
    seen: int,
    reason: str,
    source: str = "",
    active: bool | None = None,
) -> DictionaryVersion:
    require(actor, act_for(dictionary.agency), dictionary.agency)
    ordered = _merged([], terms)
    with transaction.atomic():
        chain.hold()
        last = latest(dictionary)
        if seen != (last.number if last else 0):
            raise Refused(_("Someone else changed the dictionary in the meantime. Look at it again."))
        digest = _keep(actor, dictionary, ordered)
        used = (last.active if last else True) if active is None else active
        if last is not None and (last.digest, last.active) == (digest, used):
            raise Refused(_("Nothing was changed."))
        added, changed, removed = _compared(terms_of(last), ordered)
        row = DictionaryVersion.objects.create(
            dictionary=dictionary,
            number=(last.number if last else 0) + 1,
            digest=digest,
            terms=len(ordered),
            active=used,
            change=change,
            added=len(added),
            changed=len(changed),
            removed=len(removed),
            source=source,
            reason=reason.strip()[:500],
            person=actor.person,
            on_day=clock.today(),
            at=clock.now(),
        )
        _record(
            actor,
            dictionary,
            "screening.dictionary_set",
            [row],
            version=row.number,
            change=row.change,
            digest=digest,
            terms=row.terms,
        )
    return row


def _keep(actor: Actor, dictionary: Dictionary, terms: Sequence[Term]) -> str:
    """Store the terms by their digest; equal lists stand once."""
    text = canon.text([term.to_json() for term in terms])
    digest = canon.sm3(text.encode())
    with transaction.atomic():
        chain.hold()
        if not DictionaryTerms.objects.filter(pk=digest).exists():
            row = DictionaryTerms.objects.create(digest=digest, text=text)
            _record(actor, dictionary, "screening.terms_kept", [row], digest=digest)
    return digest


def _record(actor: Actor, dictionary: Dictionary, action: str, covers: list[Any], **data: Any) -> None:
    chain.record(
        action,
        actor.who,
        agency=dictionary.agency_id or "",
        subject=("dictionary", dictionary.pk),
        covers=covers,
        **data,
    )


def _merged(before: Iterable[Term], more: Iterable[Term]) -> list[Term]:
    """Both lists by wrong form, in its order; what stands in both is that of `more`."""
    by_form = {term.wrong: term for term in before} | {term.wrong: term for term in more}
    return [by_form[wrong] for wrong in sorted(by_form)]


def _compared(before: Iterable[Term], after: Iterable[Term]) -> tuple[list[Term], list[Term], list[Term]]:
    old, new = {term.wrong: term for term in before}, {term.wrong: term for term in after}
    added = [term for wrong, term in new.items() if wrong not in old]
    changed = [term for wrong, term in new.items() if wrong in old and old[wrong] != term]
    removed = [term for wrong, term in old.items() if wrong not in new]
    return added, changed, removed

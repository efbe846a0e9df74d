"""The synonyms as an administrator edits them: never deleted, only retired; every change is in the journal."""

from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.agencies.policy import Actor, Refused, require
from gongkai.journal import chain, clock
from gongkai.search import words
from gongkai.search.models import SynonymGroup, SynonymState

ACT = "configuration.edit"
SUBJECT = "synonyms"
LONGEST_TERM = 30
MOST_TERMS = 8
LONGEST_WHY = 300


def terms_of(text: str) -> list[str]:
    """The terms of a text, one a line or parted by = or 、; each once. Raises Refused."""
    for sign in "＝=、\r":
        text = text.replace(sign, "\n")
    found = list(dict.fromkeys(" ".join(line.split()) for line in text.split("\n") if line.strip()))
    if len(found) < 2:
        raise Refused(_("Give at least two terms that mean the same, one a line."))
    if len(found) > MOST_TERMS:
        raise Refused(_("At most %(n)d terms in a group; divide it.") % {"n": MOST_TERMS})
    for term in found:
        if len(term) > LONGEST_TERM:
            raise Refused(
                _("“%(term)s…” is longer than %(n)d characters; synonyms are single terms.")
                % {"term": term[:10], "n": LONGEST_TERM}
            )
        if len(words.characters(term)) < 2:
            raise Refused(
                _("“%(term)s” is too short: with a single character nearly everything would be found.")
                % {"term": term}
            )
    return found


def save(
    actor: Actor, terms: list[str], *, why: str, active: bool = True, pk: int | None = None
) -> SynonymGroup:
    """Add a group, or change the one of that key; the next search follows. Raises Refused."""
    require(actor, ACT, None)
    why = " ".join(why.split())
    if not why or len(why) > LONGEST_WHY:
        raise Refused(
            _("Say in at most %(n)d characters why these terms mean the same.") % {"n": LONGEST_WHY}
        )
    with transaction.atomic():
        chain.hold()
        row = SynonymGroup.objects.select_for_update().filter(pk=pk).first() if pk else SynonymGroup()
        if row is None:
            raise Refused(_("There is no such group; choose one from the list."))
        before = list(row.terms or [])
        row.terms, row.why, row.active, row.changed_at = terms, why, active, clock.now()
        row.save()
        state, _made = SynonymState.objects.select_for_update().get_or_create(pk=1)
        state.version += 1
        state.save()
        chain.record(
            "synonyms.saved",
            actor.who,
            subject=(SUBJECT, row.pk),
            terms=terms,
            before=before,
            why=why,
            active=active,
        )
    return row

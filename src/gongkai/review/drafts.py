"""Drafts: the working copy, saved as one types."""

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gongkai.agencies.models import Agency
from gongkai.agencies.policy import Actor, Refused, require
from gongkai.journal import canon, clock
from gongkai.review.models import Draft, DraftEditor

# Base64 pictures never enter a draft (they are uploaded), so a megabyte is a very long document.
LARGEST = 2 * 1024 * 1024


class Overtaken(Refused):
    """Someone else saved in the meantime; what was typed is still in the form."""


def draft_of(kind: str, subject_id: UUID) -> Draft | None:
    return Draft.objects.filter(subject_kind=kind, subject_id=subject_id).select_related("agency").first()


def save(
    actor: Actor, kind: str, subject_id: UUID, agency: Agency, content: dict[str, Any], *, version: int
) -> Draft:
    """Save the working copy over `version` (0: the first). Raises Refused, Overtaken.

    Returns the draft with its new version. What is under review does not change.
    """
    require(actor, "review.draft", agency)
    _storable(content)
    with transaction.atomic():
        moment = clock.now()
        if version == 0:
            draft = _first(kind, subject_id, agency, content, actor)
        else:
            changed = Draft.objects.filter(
                subject_kind=kind, subject_id=subject_id, agency=agency, version=version
            ).update(content=content, version=version + 1, updated_at=moment, updated_by=actor.person)
            if not changed:
                raise Overtaken(
                    _("Someone else saved this draft in the meantime. Reload it and add your changes.")
                )
            draft = Draft.objects.get(subject_kind=kind, subject_id=subject_id)
        DraftEditor.objects.update_or_create(draft=draft, person=actor.person, defaults={"frozen_in": None})
    return draft


def _storable(content: dict[str, Any]) -> None:
    try:
        text = canon.text(content)
        size = len(text.encode())
    except ValueError as error:
        raise Refused(_("The text holds a character that is none; type that place anew.")) from error
    if "\\u0000" in text:
        raise Refused(_("The text holds a character that is none; type that place anew."))
    if size > LARGEST:
        raise Refused(_("The text is larger than 2 MB; move tables or lists into an attachment."))


def _first(kind: str, subject_id: UUID, agency: Agency, content: dict[str, Any], actor: Actor) -> Draft:
    try:
        with transaction.atomic():
            return Draft.objects.create(
                subject_kind=kind,
                subject_id=subject_id,
                agency=agency,
                content=content,
                version=1,
                updated_at=clock.now(),
                updated_by=actor.person,
            )
    except IntegrityError as error:
        raise Overtaken(_("Someone else has begun this draft in the meantime. Reload it.")) from error

"""What the page of a letter shows beside its text: endorsements, seal, papers, and the one next act."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gongkai.agencies.policy import Actor, allowed
from gongkai.applications import acts, endorsing, partial, rendering, renewing, sealing_register, service
from gongkai.applications.models import Letter
from gongkai.files.models import Attachment
from gongkai.review.models import ReviewState


def facts(letter: Letter) -> list[dict[str, Any]]:
    """What is lacking before it goes out, and its lines in the register of seal use."""
    found = []
    stage = None if letter.release_id or letter.dropped else endorsing.waiting_for(letter)
    if stage is not None:
        found.append({"label": _("lies before"), "value": stage.label})
    uses = list(letter.seal_uses.select_related("approved_by", "sealed_by").order_by("pk"))
    for use in uses:
        words = _(
            "%(number)s, %(copies)d copies, %(means)s; approved by %(approver)s, stamped by %(keeper)s, %(day)s"
        )
        found.append(
            {
                "label": _("seal"),
                "value": words
                % {
                    "number": use.number,
                    "copies": use.copies,
                    "means": sealing_register.label_of(use.method),
                    "approver": use.approved_by.name,
                    "keeper": use.sealed_by.name,
                    "day": use.on,
                },
                "wide": True,
            }
        )
    if letter.release_id and not letter.dropped and not uses and sealing_register.lacking(letter):
        found.append({"label": _("seal"), "value": _("not stamped yet")})
    parts = partial.parts_of(letter)
    if parts is not None:
        found.append({"label": _("opened parts"), "value": "；".join(parts.opened), "wide": True})
        for each in parts.withheld:
            value = (
                f"{each.part}（{partial.ground_label(each.ground)}，{partial.GROUNDS[each.ground].law[0]}）"
            )
            found.append({"label": _("withheld part"), "value": value, "wide": True})
    return found


def endorsements(letter: Letter) -> list[dict[str, Any]]:
    """The words given on the letter as portal/partials/timeline.html takes them."""
    return [
        {
            "when": each.at,
            "title": f"{each.stage.label}：{_('agreed') if each.agreed else _('returned')}",
            "who": each.person,
            "detail": each.opinion,
        }
        for each in endorsing.given(letter)
    ]


def returned(letter: Letter) -> str:
    """The reason for which the letter came back from an endorser and has not been changed since, or for which it
    may not go out as it was released; else empty."""
    if letter.release_id or letter.dropped:
        return renewing.overtaken(letter)
    last = letter.endorsements.last()
    if last is None or last.agreed or last.digest != endorsing.digest_now(letter):
        return ""
    given = endorsing.given(letter)[-1]
    return _("%(who)s (%(stage)s) returned it on %(day)s: %(reason)s") % {
        "who": given.person,
        "stage": given.stage.label,
        "day": timezone.localtime(given.at).date(),
        "reason": given.opinion,
    }


def papers(letter: Letter) -> list[dict[str, Any]]:
    """Signed draft, sealed copy, receipts and closed originals as portal/partials/files.html takes them."""
    signed = rendering.signed_draft(letter)
    sealed = [use.file for use in letter.seal_uses.select_related("file__file").order_by("pk") if use.file]
    return [
        *(_link(letter, row, _("original, stays closed")) for row in partial.originals(letter)),
        *(_link(letter, row, _("signed draft")) for row in ([signed] if signed else [])),
        *(_link(letter, row, _("sealed copy, goes out")) for row in sealed),
        *(_link(letter, row, _("receipt")) for row in service.proofs(letter)),
    ]


def _link(letter: Letter, row: Attachment, note: str) -> dict[str, Any]:
    return {
        "name": row.name,
        "url": reverse("applications:letter_kept", args=[letter.pk, row.pk]),
        "kind": row.file.extension,
        "size": row.file.size,
        "note": note,
    }


def primary(actor: Actor, letter: Letter) -> dict[str, Any] | None:
    """The one next act on a letter that is not under review, as {label, url}; None where nothing is to be done."""
    may = allowed(actor, acts.ACTS[letter.act].right, letter.agency)
    if letter.dropped:
        return None
    if not letter.number:
        # What lies before an endorser unchanged waits for them; its text stays open to the drafter.
        return _act(_("Write"), "letter_edit", letter) if may else None
    if not hasattr(letter, "dispatch"):
        if renewing.overtaken(letter):
            return None
        if sealing_register.lacking(letter):
            seals = allowed(actor, "application.seal", letter.agency)
            return _act(_("Stamp"), "letter_stamp", letter) if seals else None
        return _act(_("Send"), "letter_send", letter) if may else None
    if not hasattr(letter, "proof"):
        return _act(_("Enter the arrival"), "letter_served", letter) if may else None
    return None


def acts_of(actor: Actor, letter: Letter) -> list[dict[str, Any]]:
    """What else may be done: submit what is endorsed, stamp more copies, file a receipt that came back."""
    if letter.dropped:
        return []
    found = []
    may = allowed(actor, acts.ACTS[letter.act].right, letter.agency)
    if may and _endorsed(letter) and not _under_review(letter):
        found.append(_act(_("Submit for the three-step review"), "letter_offer", letter) | {"method": "post"})
    if may and renewing.overtaken(letter):
        words = _(
            "It becomes a draft with the same words and files; its number stays void, and it gets another."
        )
        found.append(
            _act(_("Return to review"), "letter_renew", letter) | {"method": "post", "consequence": words}
        )
        return found
    open_ = letter.release_id and not hasattr(letter, "dispatch")
    if open_ and allowed(actor, "application.seal", letter.agency) and sealing_register.stamped(letter):
        found.append(_act(_("Stamp further copies"), "letter_stamp", letter))
    if may and hasattr(letter, "proof"):
        found.append(_act(_("File a receipt"), "letter_served", letter))
    return found


def _endorsed(letter: Letter) -> bool:
    """Whether everybody who was asked agreed to the text as it stands."""
    return (
        bool(letter.offered)
        and not letter.release_id
        and endorsing.digest_now(letter) == letter.offered
        and endorsing.lacking(letter, letter.offered) is None
    )


def _under_review(letter: Letter) -> bool:
    return ReviewState.objects.filter(subject_id=letter.pk, state__in=ReviewState.OPEN).exists()


def _act(label: str, name: str, letter: Letter) -> dict[str, Any]:
    return {"label": label, "url": reverse(f"applications:{name}", args=[letter.pk])}

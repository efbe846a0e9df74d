"""How an interpretation is shown: its document first, who interprets and how, the key points, a film by a link."""

from django.utils.translation import gettext as _

from gongkai.disclosure import interpretations
from gongkai.disclosure.models import Interpretation, Item
from gongkai.portal import lists, varieties
from gongkai.portal.varieties import Block, Picture, Shown
from gongkai.review.models import Release
from gongkai.review.subjects import Content
from gongkai.rulebook import interpretation as rules


def show(item: Item, release: Release, content: Content, picture: Picture) -> Shown:
    """The released interpretation beside its document (双向关联)."""
    more = content["more"]
    link = (
        Interpretation.objects.filter(item=item, policy__state=Item.State.PUBLIC)
        .select_related("policy__agency", "policy__normative")
        .first()
    )
    policy = link.policy if link is not None else None
    before = [
        Block(
            "portal/partials/interpreted.html",
            {
                "items": lists.rows([policy]) if policy is not None else [],
                "other": "" if policy is not None else more.get("other", ""),
                "other_url": "" if policy is not None else more.get("other_url", ""),
                "points": [line.strip() for line in str(more.get("points", "")).splitlines() if line.strip()],
                "video_url": more.get("video_url", ""),
            },
        )
    ]
    kind = rules.INTERPRETERS.get(str(more.get("who", "")), "")
    by = more.get("by", "")
    facts = (
        {"label": _("Form of interpretation"), "value": rules.FORMS.get(str(more.get("form", "")), "")},
        {"label": _("Interpreted by"), "value": f"{by}（{kind}）" if kind else by},
    )
    return Shown(facts=facts, before=tuple(before))


def register() -> None:
    """Called once, at start-up."""
    varieties.register(interpretations.CODE, show)

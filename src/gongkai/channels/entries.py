"""How a released item is found: the entry that search keeps of it."""

from django.utils import timezone

from gongkai.channels import addresses, validity
from gongkai.disclosure import body, varieties
from gongkai.disclosure.models import Item
from gongkai.review.models import Release
from gongkai.review.subjects import Content
from gongkai.search.entries import Entry


def item_entry(release: Release, content: Content) -> Entry | None:
    """The entry of a released item; None while it has no page."""
    item = (
        Item.objects.filter(pk=release.subject_id, state=Item.State.PUBLIC)
        .select_related("agency", "column", "normative")
        .first()
    )
    if item is None or not item.index_number or item.released_at is None:
        return None
    content = varieties.present(content)
    return Entry(
        title=content["title"],
        url=addresses.folder_url(addresses.item_folder(item.index_number)),
        on=timezone.localtime(item.listed_at or item.released_at).date(),
        summary=content["summary"],
        body="\n".join([*body.text_lines(content["body"]), *varieties.found_lines(content)]),
        names=tuple(file["name"] for file in content["attachments"]),
        numbers=tuple(number for number in (content["document_number"], item.index_number) if number),
        agency=item.agency.name,
        column=item.column.code if item.column else "",
        column_name=item.column.name if item.column else "",
        mark=validity.mark(item),
        agency_code=item.agency.code,
        variety=str(content.get("variety", "")),
        files=tuple((file["digest"], file["name"]) for file in content["attachments"]),
    )


def variety_label(code: str) -> str:
    """What an information type is called where results are told apart by it."""
    return str(varieties.of({"variety": code}).label or code)

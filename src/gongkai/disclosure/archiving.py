"""What the archive knows of an item: every release with its text, files and review sheet."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from gongkai.disclosure import body
from gongkai.disclosure import content as contents
from gongkai.disclosure.kind import ItemKind
from gongkai.disclosure.models import Item
from gongkai.files import storage
from gongkai.files.archives.kinds import ArchiveKind, Happening, Paper, Subject
from gongkai.files.models import StoredFile
from gongkai.journal import canon
from gongkai.paperwork import pdf
from gongkai.paperwork.registers import Register, printable
from gongkai.paperwork.sheets import Fact
from gongkai.review import archived
from gongkai.review.models import Release
from gongkai.review.submission import content_of

OUT = (Item.State.PUBLIC, Item.State.WITHDRAWN)


class ItemArchive(ArchiveKind):
    kind = contents.KIND
    label = gettext_lazy("item")
    years = 30

    def finished(self) -> QuerySet[Any]:
        return Item.objects.filter(state__in=OUT, released_at__isnull=False).annotate(
            archive_reference=F("index_number"),
            archive_title=F("title"),
            archive_ended=TruncDate("released_at"),
        )

    def subject(self, pk: UUID) -> Subject | None:
        item = Item.objects.select_related("agency").filter(pk=pk).first()
        if item is None:
            return None
        out = item.state in OUT and item.released_at is not None
        return Subject(
            id=item.pk,
            agency=item.agency,
            reference=item.index_number,
            title=item.title,
            ended_on=timezone.localtime(item.released_at).date() if out and item.released_at else None,
            url=reverse("disclosure:item", args=[item.pk]),
            disclosure="主动公开" if item.state == Item.State.PUBLIC else "主动公开，后已撤下",
        )

    def papers(self, subject: Subject) -> list[Paper]:
        item = Item.objects.select_related("agency").get(pk=subject.id)
        return [paper for row in archived.releases(self.kind, subject.id) for paper in _released(item, row)]

    def happenings(self, subject: Subject) -> list[Happening]:
        return archived.happenings(self.kind, subject.id)

    def hold_reason(self, pk: UUID) -> str:
        return archived.hold_reason(self.kind, pk)

    def remains(self, pk: UUID) -> str:
        return archived.remains(self.kind, pk)


def _released(item: Item, release: Release) -> Iterator[Paper]:
    content = content_of(release.digest)
    if content is None:
        return
    day, agency = timezone.localtime(release.released_at).date(), item.agency.name
    note = f"第{release.revision.number}稿" + ("，已撤下" if hasattr(release, "withdrawal") else "")
    title = printable(content["title"])
    number = content["document_number"] or item.index_number
    yield Paper(title, _sheet(item, content, release), "pdf", number, day, agency, form="正本", note=note)
    data = canon.text(content).encode()
    yield Paper(f"{title}（发布内容）", data, "json", number, day, agency, form="数据", note=note)
    for file in ItemKind().files(content):
        row = StoredFile.objects.get(pk=file.digest)
        data = storage.read(file.digest)
        yield Paper(printable(file.name), data, row.extension, number, day, agency, form="附件", note=note)
    yield archived.signed_draft(release, number=number)


def _sheet(item: Item, content: dict[str, Any], release: Release) -> bytes:
    """The released text with its catalogue metadata, for paper; the data beside it is what was approved."""
    pairs = [("索引号", item.index_number), ("信息名称", content["title"]), ("内容概述", content["summary"])]
    pairs += [(str(name), str(value)) for name, value in contents.metadata(content)]
    return pdf.register_pdf(
        Register(
            title="主动公开政府信息",
            agency=item.agency.name,
            number=item.index_number,
            facts=tuple(
                Fact(name=name[:60], value=printable(value)[:500]) for name, value in pairs if value.strip()
            ),
            text=tuple(printable(line) for line in body.text_lines(content["body"]) if printable(line)),
            remarks=(f"内容摘要值（SM3）：{release.digest}",),
            date=timezone.localtime(release.released_at).date(),
        )
    )

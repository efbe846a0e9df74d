"""What the archive knows of an item: every release with its text, files and review sheet."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from gongkai.disclosure import body, opinions, varieties
from gongkai.disclosure import content as contents
from gongkai.disclosure.kind import ItemKind
from gongkai.disclosure.models import Item, Opinion
from gongkai.files import sealing, storage
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
            key=opinions.key_of(item.pk),
            url=reverse("disclosure:item", args=[item.pk]),
            disclosure="主动公开" if item.state == Item.State.PUBLIC else "主动公开，后已撤下",
        )

    def papers(self, subject: Subject) -> list[Paper]:
        item = Item.objects.select_related("agency").get(pk=subject.id)
        out = [paper for row in archived.releases(self.kind, subject.id) for paper in _released(item, row)]
        return [*out, *_opinions(item)]

    def happenings(self, subject: Subject) -> list[Happening]:
        return archived.happenings(self.kind, subject.id)

    def owners(self, pk: UUID) -> list[tuple[str, UUID]]:
        said = Opinion.objects.filter(item=pk).values_list("pk", flat=True)
        return [(self.kind, pk), *((opinions.KIND, opinion) for opinion in said)]

    def destroyed(self, pk: UUID) -> None:
        """The keyed digests tell whether somebody wrote; they go with the opinions."""
        opinions.forget(pk)

    def hold_reason(self, pk: UUID) -> str:
        return archived.hold_reason(self.kind, pk)

    def remains(self, pk: UUID) -> str:
        return archived.remains(self.kind, pk)


def _opinions(item: Item) -> Iterator[Paper]:
    """What the public said, with what became of it; in the package, which is sealed under the key of the opinions."""
    rows = list(opinions.with_outcome(Opinion.objects.filter(item=item)).order_by("received_at", "number"))
    if not rows:
        return
    said = [
        {
            "编号": row.number,
            "收到日期": row.received_on.isoformat(),
            "姓名": sealing.unseal(row.sealed_name),
            "联系方式": sealing.unseal(row.sealed_contact),
            "意见": sealing.unseal(row.sealed_text),
            "处理": row.outcome or "",
            "理由": row.reason or "",
        }
        for row in rows
    ]
    data = json.dumps(said, ensure_ascii=False, indent=1).encode()
    last = rows[-1].received_on
    yield Paper("公众意见和处理情况", data, "json", item.index_number, last, "公众", form="数据")
    for row in rows:
        file = opinions.enclosed(row)
        if file is not None:
            sent = storage.read(file.file_id, case_key=file.case_key)
            yield Paper(
                printable(file.name),
                sent,
                file.file.extension,
                row.number,
                row.received_on,
                "公众",
                form="附件",
            )


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


def _lines(content: dict[str, Any]) -> Iterator[str]:
    """The text, then each further text of the type under its heading."""
    yield from map(printable, body.text_lines(content["body"]))
    for place, html in varieties.bodies(content):
        yield printable(place)
        yield from map(printable, body.text_lines(html))


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
            text=tuple(line for line in _lines(content) if line),
            remarks=(f"内容摘要值（SM3）：{release.digest}",),
            date=timezone.localtime(release.released_at).date(),
        )
    )

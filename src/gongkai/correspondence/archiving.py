"""What the archive knows of a matter: the letter as it came, the formal replies, their review sheets."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.correspondence import documents, enclosures, procedure, writer
from gongkai.correspondence.models import Matter, MatterEvent, Reply
from gongkai.correspondence.procedure import Event
from gongkai.files import storage
from gongkai.files.archives.kinds import ArchiveKind, Happening, Paper, Subject
from gongkai.paperwork import pdf
from gongkai.paperwork.registers import Register, printable
from gongkai.paperwork.sheets import Fact
from gongkai.review import archived

KIND = "matter"
# What brings a matter to its end.
ENDS = (Event.CLOSED, Event.RETURNED, Event.REDIRECTED)


def _ends() -> QuerySet[MatterEvent]:
    return MatterEvent.objects.filter(kind__in=ENDS).order_by("-n")


class MatterArchive(ArchiveKind):
    kind = KIND
    label = gettext_lazy("correspondence")
    years = 10

    def finished(self) -> QuerySet[Any]:
        return Matter.objects.filter(state__in=[state.value for state in procedure.FINAL]).annotate(
            archive_reference=F("number"),
            archive_title=F("title"),
            archive_ended=Subquery(_ends().filter(matter=OuterRef("pk")).values("on")[:1]),
        )

    def subject(self, pk: UUID) -> Subject | None:
        matter = Matter.objects.select_related("agency", "about").filter(pk=pk).first()
        if matter is None:
            return None
        return Subject(
            id=matter.pk,
            agency=matter.agency,
            reference=matter.number,
            title=matter.shown_title,
            ended_on=_ended(matter),
            key=matter.key_id,
            url=reverse("correspondence:matter", args=[matter.pk]),
            disclosure="答复已选登" if hasattr(matter, "publication") else "未选登",
        )

    def papers(self, subject: Subject) -> list[Paper]:
        matter = Matter.objects.select_related("agency", "about").get(pk=subject.id)
        return list(_papers(matter))

    def happenings(self, subject: Subject) -> list[Happening]:
        rows = MatterEvent.objects.filter(matter_id=subject.id).select_related("person").order_by("n")
        return [
            Happening(row.on, str(Event(row.kind).label), row.person.name if row.person else "", row.words)
            for row in rows
        ]

    def owners(self, pk: UUID) -> list[tuple[str, UUID]]:
        made = Reply.objects.filter(matter_id=pk).order_by("pk").values_list("pk", flat=True)
        return [(KIND, pk), *((documents.PURPOSE, reply) for reply in made)]

    def hold_reason(self, pk: UUID) -> str:
        state = Matter.objects.values_list("state", flat=True).get(pk=pk)
        return "" if state in procedure.FINAL else _("The matter is not closed.")

    def destroyed(self, pk: UUID) -> None:
        """The keyed digests tell whether a known person wrote; they go with the letter."""
        Matter.objects.filter(pk=pk).update(
            name_print="", phone_print="", code_print="", origin_print="", form_print=None
        )


def _ended(matter: Matter) -> date | None:
    if matter.state not in procedure.FINAL:
        return None
    return _ends().filter(matter=matter).values_list("on", flat=True).first()


def _papers(matter: Matter) -> Iterator[Paper]:
    letter = writer.unsealed(matter)
    number, came = matter.number, matter.received_on
    yield Paper(
        "来信来电登记表", _sheet(matter, letter), "pdf", number, came, "来信人", form="登记数据打印件"
    )
    data = json.dumps(asdict(letter), ensure_ascii=False, indent=1, sort_keys=True).encode()
    yield Paper("来信来电登记数据", data, "json", number, came, "来信人", form="数据")
    for came_with in enclosures.of(matter):
        yield Paper(
            came_with.name,
            storage.read(came_with.file_id, case_key=came_with.case_key),
            came_with.file.extension,
            number,
            came,
            "来信人",
            form="原件",
        )
    for reply in matter.replies.select_related("release__revision", "release__agency").order_by(
        "begun_at", "pk"
    ):
        if reply.release is None:
            continue
        for row in documents.made(reply):
            yield Paper(
                f"正式答复 {reply.number}",
                documents.read(row),
                row.file.extension,
                reply.number,
                reply.dated,
                matter.agency.name,
                form="正本" if row.file.extension == "pdf" else "可编辑版",
                note="作废" if reply.recalled else "",
            )
        yield archived.signed_draft(reply.release, number=reply.number)


def _sheet(matter: Matter, letter: writer.Letter) -> bytes:
    pairs = (
        ("类别", str(matter.get_kind_display())),
        ("接收渠道", str(matter.get_channel_display())),
        ("收到日期", matter.received_on.isoformat()),
        ("来源", matter.source),
        ("来源编号", matter.source_number),
        ("被投诉的机关", matter.about.name if matter.about else ""),
        ("事项", str(matter.get_topic_display()) if matter.about else ""),
        ("来信人", letter.name),
        ("联系电话", letter.phone),
        ("电子邮箱", letter.email),
        ("地址", letter.address),
        ("题目", letter.subject),
    )
    return pdf.register_pdf(
        Register(
            title="来信来电登记表",
            agency=matter.agency.name,
            number=matter.number,
            facts=tuple(
                Fact(name=name, value=printable(value)[:500]) for name, value in pairs if value.strip()
            ),
            text=tuple(printable(part) for part in letter.text.splitlines() if printable(part)),
            remarks=("本表由登记时密封保存的数据打印。",),
            date=matter.received_on,
        )
    )

"""The paper of a formal reply: made from the released content, kept sealed under the key of the matter.

The writer's name is put on the paper here and nowhere else, so no draft, revision or index holds it.
"""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies import number_forms, options
from gongkai.agencies.models import Agency
from gongkai.agencies.options import TEXT, Option
from gongkai.correspondence import terms, writer
from gongkai.correspondence.models import Matter, Reply
from gongkai.files import sealing, storage
from gongkai.files.models import Attachment
from gongkai.journal.chain import SWEEPER
from gongkai.paperwork.document import Contact, FormalReply, paragraphs_of
from gongkai.paperwork.errors import PaperworkError
from gongkai.paperwork.pdf import reply_pdf
from gongkai.paperwork.text import prepared
from gongkai.paperwork.word import reply_docx
from gongkai.review.submission import content_of

PURPOSE = "reply"
HEAD, PRINTED_BY, NUMBER_FORM = "reply_mark", "reply_printed_by", "reply_number_form"
options.declare(
    Option(
        HEAD, terms.GROUP, gettext_lazy("Red head of formal replies"), TEXT, lambda agency: f"{agency.name}文件",
        words=gettext_lazy("Empty: the name of the agency, with 文件."), law="GB/T 9704—2012",
    ),
    Option(
        PRINTED_BY, terms.GROUP, gettext_lazy("Printed by, at the foot of formal replies"), TEXT,
        lambda agency: agency.name, words=gettext_lazy("Empty: the agency itself."), law="GB/T 9704—2012",
    ),
    # An agency writes its own form, as “西城改函〔{year}〕{n}号”.
    number_forms.option(
        NUMBER_FORM, gettext_lazy("Form of numbers of formal replies"), "{mark}函〔{year}〕{n}号", space="reply"
    ),
)  # fmt: skip
# Stands for the writer's name wherever the paper is not yet made.
WRITER = "来信人"


def paper(
    agency: Agency, content: dict[str, Any], *, number: str, dated: date, name: str = WRITER
) -> FormalReply:
    """The formal reply as paperwork sets it: red head, number, text, signatory, date, 版记."""
    return FormalReply(
        mark=options.read(agency, HEAD),
        number=number,
        title=content["title"],
        addressee=name if content["to_writer"] else content["addressee"],
        body=paragraphs_of(content["body"]),
        signatory=agency.name,
        date=dated,
        contact=Contact(person=content["contact"], phone=content["phone"]),
        copies=tuple(part.strip() for part in content["copies"].split("，") if part.strip()),
        printed_by=options.read(agency, PRINTED_BY),
        printed_on=dated,
    )


def hindrance(matter: Matter, content: dict[str, Any], dated: date) -> str:
    """Why the paper could not be made, in one sentence; empty where it can, with the writer's name on it."""
    number = str(options.read(matter.agency, NUMBER_FORM))
    try:
        prepared(
            paper(matter.agency, content, number=number, dated=dated, name=_name(matter)), check_glyphs=True
        )
    except PaperworkError as error:
        return str(error)
    return ""


def _name(matter: Matter) -> str:
    try:
        return writer.unsealed(matter).name or WRITER
    except sealing.Sealed:
        return WRITER


def made(reply: Reply) -> list[Attachment]:
    """The documents of a reply: docx and PDF, once it is released."""
    rows = Attachment.objects.filter(owner_kind=PURPOSE, owner_id=reply.pk, purpose=PURPOSE)
    return list(rows.select_related("file", "agency").order_by("name"))


def make(reply: Reply) -> list[Attachment]:
    """Make docx and PDF of a released reply, outside transactions; what exists is not made again."""
    if reply.release is None or reply.dated is None:
        return []
    content = content_of(reply.release.digest)
    if content is None:
        return []
    matter = reply.matter
    sheet = paper(matter.agency, content, number=reply.number, dated=reply.dated, name=_name(matter))
    present = {row.name for row in made(reply)}
    for extension, render in (("pdf", reply_pdf), ("docx", reply_docx)):
        name = f"{reply.number}.{extension}"
        if name not in present:
            storage.attach(
                render(sheet),
                name,
                who=SWEEPER,
                agency=matter.agency,
                owner=(PURPOSE, reply.pk),
                purpose=PURPOSE,
                case_key=matter.key_id,
            )
    return made(reply)


def read(row: Attachment) -> bytes:
    """The opened bytes of a document. Raises sealing.Sealed, storage.FileChanged."""
    return storage.read(row.file_id, case_key=row.case_key)


def after_release(payload: dict[str, Any]) -> None:
    """Follow-up of review.released: the documents exist before anyone can send them."""
    if payload["kind"] == PURPOSE:
        reply = (
            Reply.objects.select_related("matter__agency", "release").filter(pk=payload["subject"]).first()
        )
        if reply is not None:
            make(reply)


def label(row: Attachment) -> str:
    """What kind of file a document is, for readers."""
    return _("PDF") if row.file.extension == "pdf" else _("Word")

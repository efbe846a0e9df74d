"""销毁清册 as a table on its page and as an official form."""

from django.utils import timezone

from gongkai.agencies.policy import Refused
from gongkai.files.archives import destruction, packages
from gongkai.files.archives.destruction import Step
from gongkai.files.models import DestructionList
from gongkai.paperwork import pdf
from gongkai.paperwork.errors import PaperworkError
from gongkai.paperwork.registers import Column, Register, line, printable
from gongkai.paperwork.sheets import Fact, ReviewStep

COLUMNS = ("序号", "档号", "件号", "题名", "年度", "保管期限", "鉴定意见")
_SHARES = (2, 9, 2, 13, 3, 3, 9)
_WORDS = {
    Step.REVIEW: "保密审查分管领导",
    Step.APPROVE: "主要领导",
    Step.WITNESS: "监销人",
}


def table(made: DestructionList) -> list[list[str]]:
    """The lines of a list, in the order of COLUMNS."""
    return [
        [
            str(said["n"]),
            said["number"],
            str(said["serial"]),
            said["title"],
            str(said["year"]),
            packages.period(said["years"]),
            said["opinion"],
        ]
        for said in destruction.entries(made)
    ]


def destruction_pdf(made: DestructionList) -> bytes:
    """The list as PDF/A: what is destroyed, and who has said what; open words are left for ink. Raises Refused."""
    taken = {row.step: row for row in made.steps.select_related("person")}
    steps = [
        ReviewStep(
            role=words,
            person=row.person.name if (row := taken.get(step)) else "",
            opinion=("同意" if row.agreed else "不同意") + (f"：{row.opinion}" if row.opinion else "")
            if row
            else "",
            time=timezone.localtime(row.at) if row else None,
        )
        for step, words in _WORDS.items()
    ]
    done = getattr(made, "destruction", None)
    steps.append(
        ReviewStep(
            role="销毁人",
            person=done.person.name if done else "",
            opinion="已按本清册销毁" if done else "",
            time=timezone.localtime(done.at) if done else None,
        )
    )
    columns = tuple(
        Column(name=name, share=share, centred=name in ("序号", "件号", "年度", "保管期限"))
        for name, share in zip(COLUMNS, _SHARES, strict=True)
    )
    sheet = Register(
        title="档案销毁清册",
        agency=made.agency.name,
        number=made.number,
        facts=(
            Fact(name="件数", value=f"{made.count}件"),
            Fact(name="编制人", value=made.made_by.name),
            Fact(name="监销人", value=made.witness.name),
        ),
        columns=columns,
        lines=tuple(line(*(printable(cell) for cell in cells)) for cells in table(made)),
        steps=tuple(steps),
        remarks=(f"清册摘要值（SM3）：{made.digest}", "本清册永久保存。"),
        date=made.on_day,
        landscape=True,
    )
    try:
        return pdf.register_pdf(sheet)
    except PaperworkError as error:
        raise Refused(str(error)) from error

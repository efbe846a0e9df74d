"""docs/letters: a picture of each of the 35 kinds of rulebook 5.3, and the table beside them.

    python tools/letter_pictures.py            makes all
    python tools/letter_pictures.py 4 17       makes these and the table

Letters are the standard wordings with the marked sample data; the forms and records come out of a case of the
demonstration that is handled in an instance in a temporary folder. Every name in them is invented.
"""

import atexit
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pypdfium2
from PIL import Image

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "letters"
DAY = date(2026, 3, 16)
PAGES, SCALE, COLOURS = 2, 1.1, 10
HEAD = """# 依申请公开的35种文书

由 `python tools/letter_pictures.py` 生成：告知、答复类文书用标准文书模板和演示数据排成（信函格式，GB/T 9704—2012 10.1）；
表单和记录取自演示办件。图中内容均为虚构。“应载要素”是送审前逐项核对的要素，缺一项即不能送审，提示写明所缺要素；
各机关可以在**文书模板**中改用自己的文字，应载要素仍须全部出现。

| 序号 | 文书 | 何时使用 | 应载要素 | 救济告知 | 依据 |
|---|---|---|---|---|---|
"""
REMEDIES = {
    "none": "无",
    "ordinary": "复议或者诉讼",
    "withheld": "2024年起先复议",
    "by_sub_reason": "按具体情形",
}
# The articles of the regulation on which a kind rests (rulebook 5.3, column “when”).
LAW = {
    1: "第二十九条", 2: "第三十一条、第四十五条", 3: "第二十九条第一款", 4: "第三十条", 5: "第三十五条",
    6: "第三十三条第二款", 7: "第三十二条", 8: "第三十二条、第三十四条", 9: "第三十三条第三款", 10: "第三十二条",
    11: "第三十四条", 12: "第三十三条第三款", 13: "第四十二条", 14: "第三十六条第（二）项", 15: "第三十六条第（一）项",
    16: "第三十七条", 17: "第十四条、第十五条、第十六条，第三十六条第（三）项", 18: "第三十六条第（四）项",
    19: "第三十六条第（五）项", 20: "第三十八条", 21: "第三十条", 22: "第三十六条第（六）项", 23: "第三十九条第一款",
    24: "第三十九条第二款", 25: "第三十五条", 26: "第三十六条第（七）项", 27: "第三十条、第四十二条", 28: "第四十一条",
    29: "第四十五条", 30: "国办公开办函〔2016〕235号", 31: "第十七条", 32: "第四十五条", 33: "第二条", 34: "没有明文条款（年度报告表三（五）5）",
    35: "按具体情形",
}  # fmt: skip


def start() -> None:
    """Start Django on a fresh demonstration instance in a temporary folder."""
    from gongkai.instance import Instance

    home = Path(tempfile.mkdtemp(prefix="gongkai-pictures-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    Instance.found(home, demo=True, created=datetime.now(UTC).isoformat(timespec="seconds"))
    os.environ["GONGKAI_HOME"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "gongkai.config.settings"
    import django

    django.setup()
    from gongkai.journal import schema

    schema.bring_up()


def letter(agency: Any, kind: int) -> bytes:
    """A letter of that kind in its standard wording, as PDF."""
    from gongkai.applications import samples, wordings
    from gongkai.paperwork import pdf

    said = wordings.standard(kind)
    return pdf.letter_pdf(samples.letter(agency, kind, said.paragraphs, said.texts, day=DAY))


def records(cast: Any) -> dict[int, Callable[[], bytes]]:
    """The forms and records of one oral application, from its registration to its file."""
    from gongkai.applications import (
        closing,
        decisions,
        intake,
        letters,
        notices,
        papers,
        receipts,
        sealing_register,
        service,
    )
    from gongkai.applications.archiving import CaseArchive
    from gongkai.applications.models import Application
    from gongkai.applications.personal import Person, Request
    from gongkai.cli.demo_year.cast import morning
    from gongkai.files.archives import filing, packages
    from gongkai.journal import outbox
    from gongkai.review import sheet
    from gongkai.rulebook.receipt import Arrival, Channel

    person = Person(
        "申请人（演示）", "passport", "E00000000", "0379-00000003", address="洛阳市西工区（演示地址）"
    )
    wanted = Request(
        "健康路棚户区改造项目征收补偿方案", "", "2025年健康路棚户区改造项目的补偿标准", "paper", "pick_up"
    )
    handler = cast.actor("jingban")

    def oral() -> Application:
        return intake.register(
            handler,
            cast.office,
            intake.Taken("natural_person", person, wanted),
            channel=Channel.ORAL,
            arrival=Arrival(date(2026, 3, 2)),
            submission=uuid4(),
            read_back=True,
        )

    with morning("2026-03-02"):
        case, other = oral(), oral()
    with morning("2026-03-09"):
        asked = notices.consult_third_party(
            handler,
            other,
            name="演示建设工程有限公司",
            information="健康路棚户区改造项目房屋拆除工程施工合同。",
        )
    with morning(DAY):
        answer = decisions.decide(
            handler,
            case,
            outcome_key="provided",
            facts="您申请公开的信息由本机关制作并保存，不存在不予公开的情形。",
            elements={
                "information_list": "《健康路棚户区改造项目征收补偿方案》（西城改〔2025〕8号），共12页。",
                "form_of_access": "纸质复制件，当面领取。",
            },
        )
        revision = letters.submit(handler, answer, version=letters.draft_of(answer).version)
        cast.review(revision)
        outbox.sweep()
        answer.refresh_from_db()
        sealing_register.stamp(cast.actor("zonghe"), answer, copies=2)
        service.dispatch(handler, answer, way="direct", on=DAY, words="申请人签收（演示）")
        answer.refresh_from_db()
        case.refresh_from_db()
        closing.close(handler, case)
        filed = filing.file(cast.actor("zonghe"), CaseArchive(), case.pk, 10)
        package = filing.read(filed.packages.get())
    return {
        1: lambda: papers.application_form(case),
        2: lambda: receipts.receipt_pdf(case, query_address="https://demo.example.invalid/track/"),
        3: lambda: papers.oral_record(case),
        8: lambda: papers.reply_form(asked),
        30: lambda: papers.proof_of_service(answer),
        31: lambda: sheet.pdf(revision, made_on=answer.release.released_at),
        32: lambda: packages.member(package, "catalogue.pdf"),
    }


def picture(data: bytes, place: Path) -> None:
    """The first pages of a PDF side by side, in few colours, so that the file stays small."""
    document = pypdfium2.PdfDocument(data)
    pages = [
        document[n].render(scale=SCALE).to_pil().convert("RGB") for n in range(min(PAGES, len(document)))
    ]
    document.close()
    sheet = Image.new("RGB", (sum(page.width for page in pages), max(page.height for page in pages)), "white")
    left = 0
    for page in pages:
        sheet.paste(page, (left, 0))
        left += page.width
    sheet.quantize(COLOURS, dither=Image.Dither.NONE).save(place, optimize=True)


def table() -> str:
    """The whole text of docs/letters/README.md."""
    from gongkai.rulebook.letters import LETTER_KINDS, REMEDY_ELEMENT

    rows = [
        f"| {kind} | [{each.title}]({kind:02}.png) | {each.when} "
        f"| {'、'.join(part.label for part in each.possible if part is not REMEDY_ELEMENT)} "
        f"| {REMEDIES[each.remedy.value]} | {LAW[kind]} |"
        for kind, each in LETTER_KINDS.items()
    ]
    shown = [
        f"## {kind} {each.title}\n\n![{each.title}]({kind:02}.png)" for kind, each in LETTER_KINDS.items()
    ]
    return HEAD + "\n".join(rows) + "\n\n" + "\n\n".join(shown) + "\n"


def main(argv: list[str]) -> int:
    """Make the pictures asked for, and the table; the exit code."""
    start()
    from gongkai.applications import wording
    from gongkai.cli.demo_year import cast
    from gongkai.rulebook.letters import LETTER_KINDS

    played = cast.assemble()
    made = records(played)
    FOLDER.mkdir(exist_ok=True)
    for kind in [int(text) for text in argv] or list(LETTER_KINDS):
        data = letter(played.office, kind) if kind in wording.TEMPLATES else made[kind]()
        picture(data, FOLDER / f"{kind:02}.png")
    (FOLDER / "README.md").write_text(table(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

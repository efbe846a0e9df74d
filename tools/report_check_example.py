"""docs/report-check.md: the rules table, and a folder of mixed files with what `gongkai report check` says of it.

    python tools/report_check_example.py

makes the folder anew in a temporary place, checks it, writes the text into the document and pictures of the
sheet beside it. The reports in it are generated; every agency in them is invented, but for the two examples that lie
beside the repository (../shared/domain) and are taken along where they are.
"""

import contextlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import docx
import openpyxl
from click.testing import CliRunner
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.reporting import report_rendering as rendering  # noqa: E402

from gongkai.cli import main  # noqa: E402
from gongkai.rulebook.report_form import PARTS, ReportTables  # noqa: E402
from gongkai.rulebook.report_rules import RULES  # noqa: E402

DOCUMENT = ROOT / "docs" / "report-check.md"
PICTURES = ROOT / "docs" / "report-check-1-sheet.png", ROOT / "docs" / "report-check-2-findings.png"
EXAMPLES = ROOT.parent / "shared" / "domain"
FOLDER = "年报2021"
_SEVERITIES = {"error": "error", "warning": "warning"}
_FIGURES = (
    "全年收到政府信息公开申请{received}件，其中自然人申请{persons}件，法人或其他组织申请{others}件，"
    "结转下年度继续办理{open}件。因政府信息公开引起的行政复议{reconsidered}件。"
)
# One text for each agency: what they have in common is only what `_COPIED` adds.
_TEXTS = {
    "财政局": "2021年，我局把年度预算、决算和三公经费按科目公开到项级，附上看得懂的说明和图表。{figures}"
    "惠民补贴到户信息按村组逐户列明，请乡镇干部入户核对后再上网，全年更正差错十一处。",
    "教育局": "2021年，我局在招生季公布学区划分图、学位余量和报名流程，并在三所学校设咨询台。{figures}"
    "校外培训机构的检查结果每月公布，家长可以按街道查询，发现名单过时的次日更新。",
    "民政局": "2021年，我局公布低保、特困和临时救助的标准与名单，隐去身份证号码和住址门牌。{figures}"
    "养老机构的收费、床位和等级评定结果按季度更新，新开两家机构的备案信息当周公布。",
    "卫生健康委": "2021年，我委公布定点接种门诊的地址、时间和疫苗余量，每天上午更新。{figures}"
    "公共场所卫生抽检结果按月公布，不合格的单位写明项目和整改期限，复查合格后补充说明。",
}
_PROBLEMS_OF = {
    "财政局": "主要问题：各乡镇补贴信息的表头不统一，群众查找不便。改进情况：统一表头和排序，编了填写样例。",
    "教育局": "主要问题：学区图更新晚于地名变更，有家长跑错学校。改进情况：与地名办按月交换变更清单。",
    "民政局": "主要问题：救助名单公布时间参差，个别街道迟了两周。改进情况：每月五日由系统提醒，逾期通报。",
}
_COPIED = (
    "我局把群众来电中问得最多的十个问题逐条写成问答，配上办理地点和所需材料，放在栏目第一屏，并请窗口人员每周看一遍问答是否过时，"
    "发现变化的当天改正。对涉及多个科室的申请，由办公室牵头在三个工作日内开一次碰头会，明确检索范围和答复口径，"
    "会后由检索人员填写检索记录，写明检索的系统、关键词和结果，随答复书一并归档。"
)
_PROBLEMS = "主要问题：栏目更新靠人记，节假日前后容易漏。改进情况：值班表加上更新一项，交接时逐项核对。"
_FEES = "本年度发出信息处理费收费通知0件，总金额0元，实际收取0元。没有其他需要报告的事项。"


def report(
    agency: str, tables: ReportTables, overview: str, problems: str = _PROBLEMS, other: str = _FEES
) -> list[tuple[str, str | list[str]]]:
    """A report as blocks: ("line", text) or ("cells", texts)."""
    texts = {1: overview, 5: problems, 6: other}
    blocks: list[tuple[str, str | list[str]]] = []
    for kind, content in rendering.blocks(tables, agency):
        part = next((part for part in PARTS if content == part.numbered_heading), None)
        if kind == "cells" or part is not None or not blocks:
            blocks.append((kind, content))
        if part is not None and part.number in texts:
            blocks += [("line", line) for line in texts[part.number].split("\n")]
    return blocks


def overview(agency: str, tables: ReportTables, **said: int) -> str:
    """The text of part one, its figures those of the tables, or others where they are given."""
    rows = tables.applications or {}
    figures = {
        "received": rows["r1"][6],
        "persons": rows["r1"][0],
        "others": sum(value or 0 for value in rows["r1"][1:6]),
        "open": rows["r4"][6],
        "reconsidered": (tables.remedies or {})["reconsideration"][4],
    }
    return _TEXTS[agency].format(figures=_FIGURES.format(**(figures | said)))


def tables(seed: int) -> ReportTables:
    """Balanced tables of a middling office."""
    rng = random.Random(seed)
    found = rendering.balanced(rng, most=9)
    rows = dict(found.applications or {})
    small = {key: tuple(min(n or 0, 9) for n in counts[:6]) for key, counts in rows.items()}
    leaves = [key for key in rows if key.startswith("r3_") and key != "r3_7"]
    total = tuple(sum(small[key][place] for key in leaves) for place in range(6))
    carried = tuple(min(1, n) for n in small["r4"])
    whole = {key: (*small[key], sum(small[key])) for key in leaves}
    whole["r3_7"] = (*total, sum(total))
    whole["r4"] = (*carried, sum(carried))
    whole["r2"] = (0, 0, 0, 0, 0, 0, 0)
    whole["r1"] = tuple(a + b for a, b in zip(whole["r3_7"], whole["r4"], strict=True))
    remedies = {
        key: (*(part := tuple(min(n or 0, 2) for n in counts[:4])), sum(part))
        for key, counts in (found.remedies or {}).items()
    }
    return replace(found, applications=whole, remedies=remedies, charges=Decimal("12.3456"))


def make(folder: Path) -> None:
    """The files of the folder."""
    folder.mkdir(parents=True)
    one, two, three, four, five = (tables(seed) for seed in (3, 5, 8, 13, 21))
    as_docx(
        folder / "财政局.docx", report("示范区财政局", one, overview("财政局", one), _PROBLEMS_OF["财政局"])
    )
    # The prose says 258 where the table says otherwise, and one column of table three does not add up.
    wrong = dict(two.applications or {})
    wrong["r1"] = (wrong["r1"][0] + 2, *wrong["r1"][1:6], wrong["r1"][6] + 2)
    two = replace(two, applications=wrong)
    said = report("示范区教育局", two, overview("教育局", two, received=258), _PROBLEMS_OF["教育局"])
    (folder / "教育局.html").write_text(rendering.as_html(said), "utf-8")
    text = overview("民政局", three) + "\n" + _COPIED
    copied = report("示范区民政局", three, text, _PROBLEMS_OF["民政局"])
    (folder / "民政局.md").write_text(rendering.as_markdown(copied), "utf-8")
    text = overview("卫生健康委", four) + "\n" + _COPIED
    as_xlsx(folder / "卫生健康委.xlsx", report("示范区卫生健康委员会", four, text, "无", "无。"))
    old = "2020年，我市认真贯彻《信息公开条例》，截止2020年12月31日主动公开信息258余条，指导各县区公开了其它信息。"
    lines = rendering.as_lines(report("示范区人民政府办公室", five, old))
    (folder / "区政府办.txt").write_text(lines, "utf-8")
    (folder / "会议通知.txt").write_text("关于召开年报工作会议的通知\n请各单位参加。\n", "utf-8")
    (folder / "损坏.pdf").write_bytes(b"%PDF-1.7 broken")
    for source, name in (
        (EXAMPLES / "examples" / "huaian-2024.pdf", "市政府2024.pdf"),
        (EXAMPLES / "000_d134efd7659efa26.txt", "城改办2021.txt"),
    ):
        if source.exists():
            shutil.copyfile(source, folder / name)


def as_docx(path: Path, blocks: Iterable[tuple[str, str | list[str]]]) -> None:
    """The report as a Word file, one table per block of rows of one width."""
    document = docx.Document()
    rows: list[list[str]] = []

    def flush() -> None:
        if rows:
            table = document.add_table(0, max(map(len, rows)))
            for row in rows:
                cells = table.add_row().cells
                for cell, text in zip(cells, row, strict=False):
                    cell.text = text
            rows.clear()

    for kind, content in blocks:
        if kind == "line":
            flush()
            document.add_paragraph(content)
        else:
            rows.append(list(content))
    flush()
    document.save(str(path))


def as_xlsx(path: Path, blocks: Iterable[tuple[str, str | list[str]]]) -> None:
    """The report as a sheet: a line in its first cell, a row in its cells, figures as text."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "年报"
    for kind, content in blocks:
        sheet.append([content] if kind == "line" else list(content))
    book.save(path)


def run(folder: Path, sheet: Path, *names: str) -> str:
    """What the command prints on the folder, or on these files of it, called in the folder above."""
    files = [f"{folder.name}/{name}" for name in names] or [folder.name]
    with contextlib.chdir(folder.parent):
        result = CliRunner().invoke(main, ["report", "check", *files, "--html", str(sheet)])
    return result.stdout + result.stderr


def rules() -> str:
    """The table of rules."""
    lines = ["| Rule | Severity | 要求 | 依据 | 怎样改 |", "|---|---|---|---|---|"]
    for rule in RULES.values():
        own = f" (own report: {rule.own_severity})" if rule.own_severity else ""
        lines.append(
            f"| {rule.id} | {_SEVERITIES[rule.severity]}{own} | {rule.statement} | {rule.basis} | {rule.mend} |"
        )
    return "\n".join(lines)


def filled(document: str, **parts: str) -> str:
    """The document with what stands between <!-- name --> and <!-- /name --> made anew."""
    for name, text in parts.items():
        pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        document = pattern.sub(lambda found, text=text: f"{found[1]}{text}\n{found[2]}", document)
    return document


def picture(sheet: Path, target: Path, height: int) -> None:
    """The first `height` pixels of the sheet as a browser shows it."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        sys.exit("Chromium is missing: the picture was not made.")
    arguments: Sequence[str] = (
        browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
        f"--window-size=1366,{height}", f"--screenshot={target}", sheet.as_uri(),
    )  # fmt: skip
    subprocess.run(arguments, check=True, capture_output=True, timeout=60)
    with Image.open(target) as shot:
        shot.convert("RGB").quantize(64).save(target, optimize=True)


def write() -> None:
    """Make the document's parts and the picture."""
    with tempfile.TemporaryDirectory() as place:
        folder, sheet = Path(place, FOLDER), Path(place, "检查结果.html")
        make(folder)
        said = run(folder, sheet)
        text = DOCUMENT.read_text("utf-8")
        DOCUMENT.write_text(filled(text, rules=rules(), output=f"```text\n{said}```"), "utf-8")
        picture(sheet, PICTURES[0], 1100)
        run(folder, sheet, "教育局.html", "民政局.md", "卫生健康委.xlsx")
        picture(sheet, PICTURES[1], 2250)


if __name__ == "__main__":
    write()

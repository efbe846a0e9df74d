"""The columns of the catalogue: loaded once from the rulebook, then data that administrators edit."""

from gongkai.disclosure.models import Column
from gongkai.rulebook import catalogue

# Short names for the statutory items; the full words of the article stand as description.
SHORT = {
    "20-01": "规章和规范性文件", "20-02": "机构职能", "20-03": "规划计划", "20-04": "统计信息",
    "20-05": "行政许可和管理服务", "20-06": "行政处罚和行政强制", "20-07": "财政预决算", "20-08": "行政事业性收费",
    "20-09": "政府集中采购", "20-10": "重大建设项目", "20-11": "民生政策及实施", "20-12": "应急管理",
    "20-13": "监督检查", "20-14": "公务员招考", "20-15": "其他法定信息",
}  # fmt: skip
BEYOND = (
    ("guide", "guide", "政府信息公开指南", "条例第十二条"),
    ("rules", "rules", "政府信息公开制度", ""),
    ("interpretation", "statutory", "政策解读", ""),
    ("questions", "statutory", "咨询答问", ""),
    ("news", "statutory", "工作动态", ""),
    ("notice", "statutory", "公示公告", ""),
    ("housing", "statutory", "棚户区改造", "条例第二十一条"),
)
# How often the check of sites wants a column updated (rulebook 7.2); the others are updated as needed.
CYCLES = {"news": "news", "notice": "documents", "interpretation": "documents", "20-01": "documents"}


def load() -> int:
    """Create the columns that are missing; local edits stay as they are. Returns how many were created."""
    rows = [(entry.code, "statutory", SHORT.get(entry.code, entry.label), entry.law, entry.label) for entry in
            catalogue.statutory_items(catalogue.AgencyLevel.COUNTY)]  # fmt: skip
    rows += [(code, board, name, law, name) for code, board, name, law in BEYOND]
    known = set(Column.objects.values_list("code", flat=True))
    missing = [
        Column(
            code=code,
            board=board,
            name=name,
            article=law,
            description=words,
            order=order,
            cycle=CYCLES.get(code, "none"),
        )
        for order, (code, board, name, law, words) in enumerate(rows)
        if code not in known
    ]
    # Two programs that start at once may both find a column missing; the second one leaves it.
    Column.objects.bulk_create(missing, ignore_conflicts=True)
    return len(missing)

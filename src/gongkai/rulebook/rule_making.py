"""Which organs may make 规章, as far as the name of an organ tells.

立法法 gives the power to State Council departments and to the governments of provinces, autonomous regions,
municipalities, cities with districts and autonomous prefectures, and to 东莞, 中山, 嘉峪关 and 儋州. Whether
a 市 is one of these its name does not say; the list behind `organs` does.
"""

import re

from gongkai.rulebook.organs import MUNICIPALITIES, organ

_GOVERNMENT = "人民政府"

# The first pattern that matches the whole name decides: True may, False may not.
_PATTERNS: tuple[tuple[str, bool], ...] = (
    # Local branches of national bodies and the offices of local governments.
    (rf"\w+{_GOVERNMENT}\w*(?:办公室|办公厅|办事处|局|厅|委员会|委|办|处|中心|室)", False),
    (r"\w*(?:省|市|县|区|州|旗|盟)\w*(?:局|厅|委员会|委|办公室|办公厅|办|办事处|处|中心|队|所|站|室)", False),
    (r"\w+(?:街道办事处|街道|社区)", False),
    # Departments of the State Council.
    (r"(?:中华人民共和国)?(?:国家(?!统计局\w)\w+(?:委员会|总局|局|署)|审计署|海关总署|中国人民银行)", True),
    (r"国务院\w+(?:委员会)", True),
    (
        r"(?:中华人民共和国)?(?:外交|国防|教育|科学技术|工业和信息化|公安|国家安全|民政|司法|财政"
        r"|人力资源和社会保障|自然资源|生态环境|住房和城乡建设|交通运输|水利|农业农村|商务|文化和旅游"
        r"|退役军人事务|应急管理)部",
        True,
    ),
)


def may_make_rules(agency: str | None) -> bool | None:
    """Whether the organ of that full name may make 规章; None where the name is missing or does not tell."""
    if not agency:
        return None
    name = re.sub(r"\s", "", agency)
    if not name.endswith(_GOVERNMENT):
        return next((verdict for pattern, verdict in _PATTERNS if re.fullmatch(pattern, name)), None)
    government = organ(name)
    if government.level in ("province", "city"):
        # The name must end with the place: 某某市经济开发区人民政府 is none of the city.
        return True if re.fullmatch(rf"\w*{re.escape(government.place)}{_GOVERNMENT}", name) else None
    if government.level in ("county", "town"):
        return False
    return False if name.startswith(MUNICIPALITIES) else None

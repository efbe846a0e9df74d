"""docs/case-matrix.md, made from the table of acts (data/acts.json) as screens, API and use cases read it.

python -m tools.case_matrix          writes the file
python -m tools.case_matrix check    fails where the file is not what the table says
"""

import sys
from pathlib import Path

from tools.permissions import start

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "case-matrix.md"
HEAD = """# 申请办理步骤一览 · What may be done when

由 `python -m tools.case_matrix` 根据 `src/gongkai/applications/data/acts.json` 生成；文件过期时测试不通过。页面、接口和用例都读这同一张表。
Made by `python -m tools.case_matrix` from `src/gongkai/applications/data/acts.json`; a test fails where this file is stale. Screens,
API and use cases read the same table.

- 格内是可以办理的岗位（{roles}）；空格表示该状态下不能办理，拒绝时注明“依据”一栏的条款。
  A cell names the roles that may act ({english}); in an empty one the act is refused, and the refusal cites the article of its row.
- 格内岗位是必要条件，不是充分条件：期限、送达、三级审查和前置步骤另由用例和时钟判断。
  Role and state are necessary, not sufficient: the clock, service, the three reviews and what must come before are asked on top.
- “何时生效”：办理时、文书发出时或者文书送达时。
  "Takes effect": when entered, when the letter is sent, or when it arrives.
- 并案办理的案件只能办理：{own}；其余在主案上办理。
  A case that is handled together with another does only these by itself: {own_english}; all else is done in the case that leads.

"""
SHORT = {"handler": "经", "reviewer": "复", "approver": "批", "disclosure_head": "负"}
EFFECT = {"once": "办理时 · entered", "dispatch": "发出时 · sent", "service": "送达时 · arrived"}


def said(value: object) -> tuple[str, str]:
    """A translated text in Chinese and in English."""
    from django.utils import translation

    with translation.override("zh-hans"):
        chinese = str(value)
    with translation.override("en"):
        return chinese, str(value)


def document() -> str:
    """The whole text of docs/case-matrix.md."""
    from gongkai.agencies.models import Role
    from gongkai.applications.acts import ACTS, LABELS, OWN_ACTS
    from gongkai.applications.models import Matter, State

    roles = [(short, *said(Role(name).label)) for name, short in SHORT.items()]
    own = [said(LABELS[key]) for key in sorted(OWN_ACTS)]
    text = HEAD.format(
        roles="、".join(f"{short}＝{chinese}" for short, chinese, _english in roles),
        english=", ".join(f"{short} {english}" for short, _chinese, english in roles),
        own="、".join(chinese for chinese, _english in own),
        own_english=", ".join(english for _chinese, english in own),
    )
    states = [said(State(state).label) for state in State]
    heads = ["步骤 · Act", "依据 · Law", "文书 · Letter", "何时生效 · Takes effect"]
    heads += [f"{chinese}<br>{english}" for chinese, english in states]
    for matter in Matter:
        chinese, english = said(matter.label)
        text += f"## {chinese} · {english}\n\n| {' | '.join(heads)} |\n|{'---|' * len(heads)}\n"
        for act in ACTS.values():
            if matter not in act.matters:
                continue
            name, label = said(LABELS[act.key])
            who = "".join(SHORT[role] for role in SHORT if role in act.roles)
            cells = [who if state in act.states else "" for state in State]
            row = [f"{name}<br>{label} `{act.key}`", act.law, str(act.letter or ""), EFFECT[act.at], *cells]
            text += f"| {' | '.join(row)} |\n"
        text += "\n"
    return text.rstrip("\n") + "\n"


def main(argv: list[str]) -> int:
    """Write or check; the exit code."""
    start()
    text = document()
    if argv == ["check"]:
        if DOCUMENT.exists() and DOCUMENT.read_text("utf-8") == text:
            return 0
        print("docs/case-matrix.md is stale: run python -m tools.case_matrix", file=sys.stderr)
        return 1
    DOCUMENT.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""docs/permissions.md says what the policy says."""

from tools import permissions

from gongkai.agencies.models import Role


def test_the_document_is_what_the_policy_says() -> None:
    assert permissions.DOCUMENT.read_text("utf-8") == permissions.document(), "run tools/permissions.py"


def test_every_act_has_someone_who_may_do_it_and_chinese_words() -> None:
    rows = [line for line in permissions.document().splitlines() if line.startswith("| `")]
    assert rows
    for row in rows:
        _, act, who, chinese, english, _ = (cell.strip() for cell in row.split("|"))
        assert who, f"nobody may {act}"
        assert chinese != english, f"{act} has no Chinese words"


def test_the_audit_administrator_only_reads() -> None:
    rows = [line for line in permissions.document().splitlines() if str(Role.AUDIT_ADMIN.label) in line]
    acts = {row.split("`")[1] for row in rows}
    assert acts == {"api.read", "journal.read", "people.read", "screening.read", "site.read"}

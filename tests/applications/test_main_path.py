"""An application from the public page to the answer in the applicant's hand."""

from datetime import date

from gongkai.applications import closing, intake, letters, rendering, service, tracking
from gongkai.applications.models import Application, State
from gongkai.files import storage
from gongkai.journal import chain, outbox
from gongkai.review.submission import content_of
from tests.applications.cases import decided, released, web


def test_web_application_to_served_answer(office, at):
    with at(2021, 4, 23):
        case = web(office)
    assert case.number == "XG0123-2021-0001"
    assert (case.state, case.received_on, case.due_on) == (
        State.PROCESSING,
        date(2021, 4, 23),
        date(2021, 5, 24),
    )
    with at(2021, 5, 10):
        letter = decided(
            office, case, elements={"information_list": "补偿方案一份", "form_of_access": "电子数据"}
        )
    with at(2021, 5, 12):
        released(office, letter)
        outbox.sweep()
    assert letter.number == "西城改公复〔2021〕1号"
    with at(2021, 5, 13):
        service.dispatch(office.actor("handler"), letter, way="electronic", on=date(2021, 5, 13))
        case.refresh_from_db()
        assert (case.state, case.answered_on, case.row) == (State.ANSWERED, date(2021, 5, 13), "r3_1")
        closing.close(office.actor("handler"), case)
        case.refresh_from_db()
        assert case.state == State.CLOSED
        found = tracking.find(case.number.lower(), intake.query_code(case))
        assert found == case
        shown = tracking.follow(found)
    assert [paper.number for paper in shown.papers] == ["西城改公复〔2021〕1号"]
    assert [row.purpose for row in rendering.files(letter)] == ["pdf", "docx"]
    [answer] = [row for row in shown.papers[0].files if row.purpose == "pdf"]
    assert storage.read(answer.file_id, case_key=answer.case_key).startswith(b"%PDF")
    # A 2021 answer offers reconsideration or litigation, by the law of that year.
    assert "60日内" in shown.remedy.text and "6个月内" in shown.remedy.text
    assert shown.remedy.reconsideration_last == date(2021, 7, 12)
    assert shown.remedy.litigation_last == date(2021, 11, 15)
    assert [fault.message for fault in chain.verify() if "链头" not in fault.message] == []
    assert Application.objects.get(pk=case.pk).closed_on == date(2021, 5, 13)


def test_the_letter_says_what_the_law_asks(office, at):
    with at(2021, 4, 23):
        case = web(office)
        letter = decided(
            office, case, elements={"information_list": "补偿方案一份", "form_of_access": "电子数据"}
        )
        released(office, letter)
        paper = rendering.paper(letter, content_of(letter.release.digest))
    body = "".join(paragraph.text for paragraph in paper.body)
    assert paper.addressee == "张三丰"
    assert paper.title == "西工区城市改造办公室\n政府信息公开告知书"
    assert "2021年4月23日" in body and case.number in body and "健康路棚户区改造项目征收补偿方案" in body
    assert "《中华人民共和国政府信息公开条例》第三十六条第（二）项" in body
    assert "洛阳市西工区人民政府或者洛阳市住房和城乡建设局" in body
    assert letters.carries_remedy(letter)

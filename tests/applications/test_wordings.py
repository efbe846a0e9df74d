"""An agency words its letters itself: checked like the standard, kept version by version, never under a draft."""

import pytest
from django.test import Client

from gongkai.agencies.policy import Refused
from gongkai.applications import letters, rendering, samples, wording, wordings
from gongkai.applications.letterkind import LetterKind
from gongkai.applications.models import LetterWording
from gongkai.journal import chain, clock
from gongkai.paperwork import pdf
from gongkai.review.submission import content_of
from tests.applications.cases import decided, released, web

KIND = 14
OWN = (
    "{you}好！{received_on}，本机关收到{you}的申请（{channel}，编号{registration_number}）：“{request_excerpt}”。",
    "经审查，{facts_and_reasons}",
    "现提供：{information_list}；形式：{form_of_access}。",
    "依据{law}，{conclusion}",
    "{remedy}",
)


def words(office, *, paragraphs=OWN, texts=None, version=0, kind=KIND, who="head", reason="便于群众理解"):
    return wordings.save(
        office.actor(who),
        office.agency,
        kind,
        paragraphs=paragraphs,
        texts=texts or {},
        reason=reason,
        version=version,
    )


@pytest.mark.parametrize(
    ("kind", "element"),
    [(kind, each.key) for kind in sorted(wording.TEMPLATES) for each in wording.unprinted(kind, ())],
)
def test_a_wording_without_a_place_for_an_element_is_refused(kind, element):
    standard = wordings.standard(kind)
    lines = [text.replace(f"{{{element}}}", "") for text in standard.paragraphs]
    label = {each.key: each.label for each in wording.unprinted(kind, ())}[element]
    found = wordings.faults(kind, lines, standard.texts)
    assert any(f"“{label}”" in fault.message and f"{{{element}}}" in fault.message for fault in found)


def test_an_unsound_wording_is_not_kept(office):
    with pytest.raises(wordings.Unsound):
        words(office, paragraphs=OWN[:-1])
    assert not LetterWording.objects.exists()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("特此{greeting}。", "greeting"),
        ("特此{Facts}。", "Facts"),
        ("特此{facts_and_reasons。", "花括号"),
        ("特此<b>告知</b>。", "HTML"),
        ("如不服，可以在60日内申请行政复议。", "救济途径"),
        ("特此告知\U0001f600。", "无法印出"),
        ("长" * 2001, "2000"),
    ],
)
def test_what_cannot_stand_in_a_letter_is_named(office, line, said):
    with pytest.raises(wordings.Unsound) as refusal:
        words(office, paragraphs=(*OWN, line))
    [fault] = refusal.value.faults
    assert said in fault.message and "6" in fault.message


def test_texts_of_elements_are_checked_too(office):
    with pytest.raises(wordings.Unsound) as refusal:
        words(office, texts={"form_of_access": "{law}", "nonsense": "x"})
    assert {fault.field for fault in refusal.value.faults} == {"form_of_access", "paragraphs"}


def test_the_text_that_cites_the_law_cites_the_article_of_the_standard(office):
    standard = wordings.standard(4)
    with pytest.raises(wordings.Unsound) as refusal:
        words(office, kind=4, paragraphs=standard.paragraphs, texts={"law": "《政府信息公开条例》第三十三条"})
    [fault] = refusal.value.faults
    assert fault.field == "law" and "第三十条" in fault.message
    row = words(office, kind=4, paragraphs=standard.paragraphs, texts={"law": "《政府信息公开条例》第三十条"})
    assert row.version == 1


def test_letters_begun_later_take_it_and_drafts_are_offered_it(office, at):
    with at(2021, 4, 23):
        old = decided(office, web(office))
        row = words(office, texts={"form_of_access": "电子数据"})
        new = decided(office, web(office))
    assert (old.wording, new.wording) == (None, row)
    assert letters.opened(letters.draft_of(new).content).elements["form_of_access"] == "电子数据"
    assert letters.newer_wording(new) is None
    assert letters.newer_wording(old).version == 1
    draft = letters.draft_of(old)
    with at(2021, 4, 23):
        before = letters.opened(draft.content)
        letters.take_wording(office.actor("handler"), old, version=draft.version)
        with pytest.raises(Refused):
            letters.take_wording(office.actor("handler"), old, version=draft.version + 1)
    old.refresh_from_db()
    assert old.wording == row and letters.opened(letters.draft_of(old).content) == before
    with at(2021, 4, 23):
        paper = rendering.paper(old, LetterKind().freeze(letters.draft_of(old)))
    assert paper.body[0].text.startswith("您好！2021年4月23日")
    assert [fault.message for fault in chain.verify() if "链头" not in fault.message] == []


def test_a_released_letter_never_changes(office, at):
    with at(2021, 4, 23):
        words(office)
        letter = released(office, decided(office, web(office)))
        before = rendering.paper(letter, content_of(letter.release.digest)).body
        words(office, paragraphs=("敬启者：", *OWN), version=1)
        assert letters.newer_wording(letter) is None
        assert rendering.paper(letter, content_of(letter.release.digest)).body == before


def test_the_standard_comes_back_as_a_version(office):
    first = words(office)
    back = wordings.restore(office.actor("head"), office.agency, KIND, reason="改回", version=1)
    assert (first.version, back.version, back.paragraphs) == (1, 2, [])
    now = wordings.in_force(office.agency, KIND)
    assert (now.own, now.paragraphs) == (False, wording.TEMPLATES[KIND].paragraphs)
    with pytest.raises(Refused):
        wordings.restore(office.actor("head"), office.agency, KIND, reason="改回", version=2)
    assert [row.version for row in wordings.versions(office.agency, KIND)] == [2, 1]
    assert [fault.message for fault in chain.verify() if "链头" not in fault.message] == []


def test_of_two_at_once_one_is_told(office):
    words(office)
    with pytest.raises(Refused, match=r"meantime|他人|别人"):
        words(office, paragraphs=("敬启者：", *OWN), version=0)


def test_only_the_head_changes_it_and_says_why(office):
    with pytest.raises(Refused):
        words(office, who="handler")
    with pytest.raises(Refused):
        words(office, reason=" ")
    with pytest.raises(Refused):
        words(office, paragraphs=wording.TEMPLATES[KIND].paragraphs, texts=wording.TEMPLATES[KIND].texts)


@pytest.mark.parametrize("kind", sorted(wording.TEMPLATES))
def test_the_sample_of_a_standard_is_whole_and_marked(office, kind):
    said = wordings.standard(kind)
    assert wordings.faults(kind, said.paragraphs, said.texts) == []
    paper = samples.letter(office.agency, kind, said.paragraphs, said.texts, day=clock.today())
    assert samples.MARK in paper.notes
    assert not any("{" in paragraph.text for paragraph in paper.body)
    assert pdf.letter_pdf(paper).startswith(b"%PDF")


def page(office, name):
    client = Client()
    client.force_login(office.people[name])
    return client


def test_the_pages_of_a_wording(office):
    head, reviewer = page(office, "head"), page(office, "reviewer")
    address = f"/workbench/wordings/{office.agency.pk}/{KIND}/"
    assert "政府信息公开告知书" in reviewer.get("/workbench/wordings/").content.decode()
    assert "本机关没有修改过标准文本" in reviewer.get(address).content.decode()
    typed = {
        "version": "0",
        "paragraphs": "\n".join(OWN[:-1]),
        "form_of_access": "电子数据",
        "reason": "便于群众理解",
    }
    answer = head.post(f"{address}edit/", typed).content.decode()
    assert "救济途径" in answer and "便于群众理解" in answer and "{facts_and_reasons}" in answer
    assert not LetterWording.objects.exists()
    typed["paragraphs"] = "\n".join(OWN)
    answer = head.post(f"{address}edit/", typed | {"check": "1"}).content.decode()
    assert samples.MARK in answer and not LetterWording.objects.exists()
    assert head.post(f"{address}edit/", typed).status_code == 302
    shown = reviewer.get(address).content.decode()
    assert "您好！" in shown and "便于群众理解" in shown and "<ins>" in shown
    assert reviewer.get(f"{address}sample.pdf").content.startswith(b"%PDF")
    assert reviewer.get(f"{address}edit/").status_code == 403
    assert head.post(f"{address}restore/", {"version": "1", "reason": "改回"}).status_code == 302
    assert not wordings.in_force(office.agency, KIND).own


def test_another_agency_and_a_kind_that_is_no_letter_answer_404(office):
    head = page(office, "head")
    assert head.get(f"/workbench/wordings/{office.district.pk}/{KIND}/").status_code == 404
    assert head.get(f"/workbench/wordings/{office.agency.pk}/31/").status_code == 404


def test_the_draft_page_offers_the_newer_wording(office, at):
    with at(2021, 4, 23):
        letter = decided(office, web(office))
        words(office)
        handler = page(office, "handler")
        address = f"/workbench/letters/{letter.pk}/edit/"
        assert 'name="take"' in handler.get(address).content.decode()
        version = letters.draft_of(letter).version
        typed = {"version": version, "information_list": "方案一份", "take": "1"}
        assert handler.post(address, typed).status_code == 302
        assert 'name="take"' not in handler.get(address).content.decode()
    said = letters.opened(letters.draft_of(letter).content)
    assert said.elements["information_list"] == "方案一份"

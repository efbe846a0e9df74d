"""The pages of the archive: each way in the browser's terms, refusals kept in the form, nobody else's files."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from gongkai.files.archives import filing, kinds
from gongkai.files.models import Appraisal, Destruction, DestructionList, Filing
from gongkai.journal.models import Entry
from tests.files.filed import approved, closed, destroyed, doomed, filed, listed
from tests.invariants.attacks import neighbour

BACKEND = "django.contrib.auth.backends.ModelBackend"


def client_of(office, name):
    client = Client()
    client.force_login(office.people[name], backend=BACKEND)
    return client


def url(name, *args):
    return reverse(f"files:archives:{name}", args=args)


def test_from_the_closed_case_to_its_destruction_on_pages(office, at):
    with at(2021, 4, 23):
        case = closed(office)
        client = client_of(office, "handler")
        ready = client.get(url("ready")).content.decode()
        assert case.number in ready
        for kind in kinds.kinds():
            assert client.get(url("ready") + f"?kind={kind.kind}&q=x&year=2021").status_code == 200
            assert client.get(url("ready") + f"?kind={kind.kind}&export=xlsx").status_code == 200
        form = client.get(url("file", "application", case.pk)).content.decode()
        assert "10年" in form and "永久" in form
        answer = client.post(url("file", "application", case.pk), {"years": "10"})
        row = Filing.objects.get()
        assert answer["Location"] == url("filing", row.pk)
        assert case.number not in client.get(url("ready")).content.decode()
        page = client.get(url("filing", row.pk)).content.decode()
        assert row.number in page and "10年" in page
        package = row.packages.get()
        for part in ("package", "catalogue", "record"):
            answer = client.get(url("package", package.pk, part))
            assert answer.status_code == 200 and answer["Cache-Control"] == "no-store"
        opened = Entry.objects.filter(action="archive.opened", subject_id=str(row.pk))
        assert opened.count() == 3
        assert client.get(url("package", package.pk, "manifest.json")).status_code == 404
        checked = client.post(url("check", package.pk), follow=True).content.decode()
        assert "完整" in checked
        again = client.post(url("build", row.pk))
        assert again.status_code == 403 and row.packages.count() == 1
        assert (
            row.number in client.get(url("filings") + "?q=XXGK&kind=application&state=filed").content.decode()
        )
    with at(2032, 1, 4):
        client = client_of(office, "handler")
        assert row.number in client.get(url("filings") + "?due=true").content.decode()
        assert row.number in client.get(url("appraise")).content.decode()
        said = {"filings": [str(row.pk)], "result": "extend", "opinion": "卷内有争议。"}
        kept = client.post(url("appraise"), said).content.decode()
        assert "卷内有争议。" in kept and not Appraisal.objects.exists()
        client.post(url("appraise"), said | {"result": "destroy", "opinion": "期满。"})
        appraisal = Appraisal.objects.get()
        leader = client_of(office, "approver")
        assert "期满。" in leader.get(url("appraisal", appraisal.pk)).content.decode()
        kept = leader.post(url("appraisal", appraisal.pk), {"agreed": "no", "opinion": ""}).content.decode()
        assert "理由" in kept
        leader.post(url("appraisal", appraisal.pk), {"agreed": "yes"})
        assert row.number in client.get(url("make_list")).content.decode()
        witness = office.people["second_handler"]
        client.post(url("make_list"), {"filings": [str(row.pk)], "witness": str(witness.pk)})
        made = DestructionList.objects.get()
        for name, step in (("reviewer", "review"), ("approver", "approve"), ("second_handler", "witness")):
            mine = client_of(office, name)
            inbox = mine.get("/workbench/").content.decode()
            assert made.number in inbox
            assert url("step", made.pk, step) in mine.get(url("list", made.pk)).content.decode()
            assert mine.get(url("step", made.pk, step)).status_code == 200
            mine.post(url("step", made.pk, step), {"agreed": "yes", "opinion": "同意"})
        assert client.get(url("list_pdf", made.pk)).content.startswith(b"%PDF")
        question = client.get(url("carry_out", made.pk)).content.decode()
        assert made.number in question and not Destruction.objects.exists()
        done = client.post(url("carry_out", made.pk), follow=True).content.decode()
        assert Destruction.objects.filter(list=made).exists() and made.number in done
        page = client.get(url("filing", row.pk)).content.decode()
        assert "已销毁" in page
        for name in ("package", "catalogue"):
            assert client.get(url("package", package.pk, name)).status_code == 403
        for lists in ("filings", "appraisals", "lists"):
            assert client.get(url(lists) + "?export=xlsx").status_code == 200
            assert client.get(url(lists)).status_code == 200


def test_the_pages_of_a_destroyed_case_say_so_calmly(office, at):
    with at(2021, 4, 23):
        case = closed(office)
        letter = case.letters.get()
        row = filed(office, case)
    with at(2032, 1, 4):
        destroyed(office, row)
        client = client_of(office, "handler")
        page = client.get(reverse("applications:case", args=[case.pk]))
        assert page.status_code == 200 and "销毁" in page.content.decode()
        assert case.number in page.content.decode() and "张三丰" not in page.content.decode()
        assert client.get(reverse("applications:list")).status_code == 200
        for name, args in (
            ("applications:letter", [letter.pk]),
            ("applications:receipt", [case.pk]),
            ("review:page", [letter.release.revision_id]),
        ):
            answer = client.get(reverse(name, args=args))
            said = answer.content.decode()
            assert answer.status_code in (200, 403) and "销毁" in said and "张三丰" not in said, name


def addresses(office, row, appraisal, made):
    """Every page of the archive with an object of this agency in it."""
    package = row.packages.first()
    return [
        url("file", "application", row.subject_id),
        url("filing", row.pk),
        url("build", row.pk),
        url("check", package.pk),
        *(url("package", package.pk, part) for part in ("package", "catalogue", "record")),
        url("appraisal", appraisal.pk),
        url("list", made.pk),
        url("list_pdf", made.pk),
        url("carry_out", made.pk),
        *(url("step", made.pk, step) for step in ("review", "approve", "witness", "drop")),
    ]


def test_no_page_answers_a_stranger_and_no_post_changes_anything(office, at):
    neighbour(office)
    with at(2021, 4, 23):
        row = filed(office)
        filed(office)
    with at(2032, 1, 4):
        appraisal = doomed(office, row)
        made = listed(office, row)
        before = Entry.objects.count()
        strangers = ("their_handler", "their_reviewer", "their_approver", "system", "security", "audit")
        for path in addresses(office, row, appraisal, made):
            for name in strangers:
                client = client_of(office, name)
                for answer in (client.get(path), client.post(path, {"agreed": "yes", "opinion": "x"})):
                    assert answer.status_code in (403, 404, 405), (path, name)
                    assert row.number not in answer.content.decode(errors="replace")
            assert Client().get(path)["Location"].startswith("/workbench/login/")
        for name in ("ready", "filings", "appraisals", "lists", "verify", "appraise", "make_list"):
            for who in ("system", "security", "audit"):
                assert client_of(office, who).get(url(name)).status_code == 403, (name, who)
            theirs = client_of(office, "their_handler").get(url(name))
            assert theirs.status_code == 200 and row.number not in theirs.content.decode(), name
        # The supervisor sees what is filed, and neither opens nor decides anything.
        client = client_of(office, "supervisor")
        assert row.number in client.get(url("filings")).content.decode()
        package = row.packages.first()
        for path in (url("package", package.pk, "package"), url("step", made.pk, "review")):
            assert client.get(path).status_code == 403
        assert Entry.objects.count() == before
        for who in ("handler", "reviewer", "approver"):
            assert client_of(office, who).get(url("list", made.pk)).status_code == 200


def test_refusals_keep_what_was_typed(office, at):
    with at(2021, 4, 23):
        row = filed(office)
    with at(2032, 1, 4):
        doomed(office, row)
        made = listed(office, row)
        client = client_of(office, "reviewer")
        said = client.post(url("step", made.pk, "review"), {"agreed": "no", "opinion": " "}).content.decode()
        assert "请填写理由" in said
        said = client.post(url("step", made.pk, "review"), {"opinion": "看过"}).content.decode()
        assert "看过" in said
        approved(office, made)
        handler = client_of(office, "handler")
        page = handler.get(url("list", made.pk)).content.decode()
        assert url("carry_out", made.pk) not in page
        answer = handler.post(url("carry_out", made.pk))
        assert answer.status_code == 403 and "监销人" in answer.content.decode()
        assert not Destruction.objects.exists()
        assert handler.get(url("step", made.pk, "burn")).status_code == 404
        assert handler.get(url("file", "secret", row.subject_id)).status_code == 404
        answer = handler.post(url("make_list"), {"witness": str(office.people["head"].pk)})
        assert answer.status_code == 200 and not Destruction.objects.exists()


def test_a_package_from_elsewhere_is_checked_on_its_page(office, at):
    with at(2021, 4, 23):
        row = filed(office)
        data = filing.read(row.packages.get())
        client = client_of(office, "handler")
        whole = SimpleUploadedFile("包.zip", data)
        assert "完整" in client.post(url("verify"), {"package": whole}, follow=True).content.decode()
        for bad, words in ((b"x", "已损坏"), (data[:-30], "已损坏"), (data.replace(b"[", b"{", 1), "改动")):
            said = client.post(url("verify"), {"package": SimpleUploadedFile("包.zip", bad)}).content.decode()
            assert words in said


def test_empty_lists_say_what_to_do(office, at):
    with at(2021, 4, 23):
        client = client_of(office, "handler")
        assert "没有到鉴定时间的档案" in client.get(url("appraise")).content.decode()
        assert "没有待销毁的档案" in client.get(url("make_list")).content.decode()
        for name in ("ready", "filings", "appraisals", "lists"):
            assert "没有记录" in client.get(url(name)).content.decode()
            assert client.get(url(name) + "?kind=%00&q=%27&year=x&due=maybe&sort=nothing").status_code == 200

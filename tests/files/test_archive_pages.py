"""The pages of the archive: each way in the browser's terms, refusals kept in the form, nobody else's files."""

from django.test import Client
from django.urls import reverse

from gongkai.files.archives import kinds
from gongkai.files.models import Appraisal, Destruction, DestructionList, Filing
from gongkai.journal.models import Entry
from tests.files.filed import closed, destroyed, filed

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
            assert answer.status_code == 403 and "销毁" in answer.content.decode(), name

"""An office with one of everything that an address can name, and everybody who has no part in it."""

from datetime import date, timedelta

from gongkai.agencies import saved
from gongkai.channels import packages, redirects
from gongkai.channels.export_models import Tampering
from gongkai.disclosure import imports, items, opinions, projects, standards
from gongkai.disclosure.models import NormativeDocument
from gongkai.files import storage
from gongkai.files.models import Derived
from gongkai.journal import clock
from gongkai.review import consultations, referrals
from gongkai.review.models import Finding
from gongkai.search.models import SynonymGroup
from tests.disclosure.test_drafting import PNG
from tests.invariants.attacks import neighbour, without_rights
from tests.items import drafted, released, submitted
from tests.review.rules import a_dictionary

ITEMS = "/workbench/items/"


def build(office):
    """The office with an item under review, a finding, a file, a register entry; and everybody who has no part in it."""
    agency = neighbour(office)
    item = drafted(office, title="只有本机关能看的标题", summary="联系人手机13812345678。")
    listed = "序号,姓名\n1,本机关内部附件\n"
    row = items.attach(office.actor("handler"), item, listed.encode(), "内部附件.csv")
    revision = submitted(office, item)
    document = NormativeDocument.objects.create(
        agency=office.agency,
        title="只有本机关能看的标题",
        document_number="西城改公〔2021〕1号",
        issued_on=date(2021, 1, 1),
    )
    head, today = office.actor("head"), clock.today()
    referral = referrals.refer(
        head, revision, question="disclosure", matter="只有本机关能看的疑点", addressee_kind="competent",
        addressee="西工区人民政府办公室", sent_on=today,
    )  # fmt: skip
    referrals.answer(
        head, referral, outcome="open", level="competent", body="西工区人民政府办公室", answered_on=today
    )
    consultation = consultations.ask(head, revision, consulted="西工区财政局", asked_on=today)
    consultations.answer(head, consultation, consents=True, answered_on=today)
    public = released(office, title="只有本机关能看的标题")
    as_it_came = storage.store("本机关内部附件，原件".encode(), "原件.txt", who=office.actor("handler").who)
    made = Derived.objects.create(
        original=as_it_came, result=row.file, how=Derived.How.REDACTED, agency=office.agency,
        owner_kind="item", owner_id=item.pk, person=office.people["handler"], at=clock.now(),
    )  # fmt: skip
    handler = office.actor("handler")
    moved_in = imports.receive(
        handler, office.agency, "旧站.csv", "标题,日期\n只有本机关能看的标题,2019-05-06\n".encode()
    )
    imports.confirm(handler, moved_in, imports.proposed(moved_in))
    said, opinion = an_opinion(office)
    standards.load()
    kept = projects.begin(
        handler,
        office.agency,
        kind="expropriation",
        name="只有本机关能看的标题",
        place="凯旋路",
        begun_on=today,
    )
    projects.post(
        handler, kept, point=projects.kind_of(kept).points[0].code, where="site", on=today, until=None,
        by="征收科", note="本机关内部附件", photo=(PNG, "照片.png"),
    )  # fmt: skip
    objects = {
        "project": kept.pk,
        "photo": kept.postings.get().photo_id,
        "package": a_package(office, public).pk,
        "tampering": Tampering.objects.create(
            where="/srv", at=clock.now(), count=1, restored=1, found=[["changed", "只有本机关能看的标题"]]
        ).pk,
        "redirect": redirects.add(None, "/old/1.html", public).pk,
        "synonym": SynonymGroup.objects.create(terms=["棚改", "棚户区改造"], changed_at=clock.now()).pk,
        "participation": said.pk,
        "opinion": opinion.pk,
        "derived": made.pk,
        "release": public.live_id,
        "import": moved_in.pk,
        "manifest": moved_in.manifest_id,
        "dictionary": a_dictionary(office, office.agency, ["只有本机关能看的标题"]).pk,
        "referral": referral.pk,
        "consultation": consultation.pk,
        "review": revision.pk,
        "finding": Finding.objects.filter(severity="block").first().pk,
        "item": item.pk,
        "attachment": row.pk,
        "digest": row.file_id,
        "normative": document.pk,
        "person": office.people["reviewer"].pk,
        "appointment": office.people["reviewer"].appointments.get().pk,
        "agency": office.agency.pk,
        "view": saved.save(office.actor("handler"), ITEMS, "state=draft", "只有本机关能看的标题").pk,
    }
    without_rights(office)
    assert agency.pk != office.agency.pk
    return office, objects


def an_opinion(office):
    """A public solicitation of today with one opinion."""
    today = clock.today()
    more = {
        "posting": "survey", "begins": today.isoformat(), "ends": (today + timedelta(days=5)).isoformat(),
        "how": "网上提交。", "contact": "城改办", "online": True, "at_end": "keep",
    }  # fmt: skip
    item = released(office, title="只有本机关能看的标题", variety="solicitation", more=more)
    return item, opinions.receive(item, opinions.Said("只有本机关能看的意见")).opinion


def a_package(office, public):
    """The package of a public item, whose agency has no site of its own."""
    office.agency.options = office.agency.options | {packages.ON: True}
    office.agency.save()
    return packages.make("item", public.pk)

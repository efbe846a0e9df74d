"""Eleven mailbox letters, two media-line matters and one assigned matter, each answered by a formal document."""

import json
from importlib.resources import files
from typing import Any

from gongkai.cli.demo_year.cast import Cast, morning
from gongkai.correspondence import handling, intake, publication, replies
from gongkai.correspondence.models import Channel, Matter
from gongkai.correspondence.procedure import Kind
from gongkai.correspondence.writer import Letter
from gongkai.journal import clock

DEMO_PHONE = "0379-00000002"
WRITER_PHONE = "0379-00000009"


def matters() -> list[dict[str, Any]]:
    """The matters as written in data/letters.json."""
    text = files("gongkai.cli.demo_year").joinpath("data/letters.json").read_text("utf-8")
    rows: list[dict[str, Any]] = json.loads(text)
    return rows


def build(cast: Cast) -> None:
    """Receive each on its day, hand it on, answer it by a reviewed document, send it."""
    for row in matters():
        with morning(row["on"]):
            matter = receive(cast, row)
            if row["kind"] == Kind.ASSIGNED:
                handling.propose(cast.actor("jingban"), matter, words=row["proposal"])
            decider = "zonghe" if row["kind"] == Kind.ASSIGNED else "jingban"
            handling.assign(cast.actor(decider), matter, lead=cast.people["jingban"], title=row["title"])
        with morning(row["answer"]):
            answer(cast, matter, row)


def receive(cast: Cast, row: dict[str, Any]) -> Matter:
    """A letter from the public form, or a matter that staff enter."""
    if row["kind"] == Kind.MAILBOX:
        letter = Letter(text=row["text"], subject=row["subject"], name="来信群众（演示）", phone=WRITER_PHONE)
        return intake.receive(
            cast.office, letter, topic=row["topic"], may_publish=row.get("publish", False)
        ).matter
    document = row["kind"] == Kind.ASSIGNED
    return intake.register(
        cast.actor("jingban"),
        cast.office,
        row["kind"],
        Letter(text=row["text"], subject=row["title"]),
        channel=Channel.DOCUMENT if document else Channel.PLATFORM,
        received_on=clock.today(),
        title=row["title"],
        topic=row["topic"],
        source=row["source"],
        source_number=row["source_number"],
        may_publish=row["kind"] == Kind.MEDIA_LINE,
    ).matter


def answer(cast: Cast, matter: Matter, row: dict[str, Any]) -> None:
    """Draft the reply, three people clear it, send it, close; publish where the writer agreed."""
    matter.refresh_from_db()
    reply, _draft = replies.begin(cast.actor("jingban"), matter, said(row, row["reply"]))
    cast.review(cast.submit(replies.KIND, reply.pk))
    reply.refresh_from_db()
    ways = {Kind.MAILBOX: "web", Kind.MEDIA_LINE: "platform", Kind.ASSIGNED: "document"}
    replies.dispatch(cast.actor("jingban"), reply, way=ways[Kind(row["kind"])])
    matter.refresh_from_db()
    handling.close(cast.actor("jingban"), matter)
    if row.get("publish"):
        matter.refresh_from_db()
        content = {"title": row["title"], "question": row["text"], "answer": row["reply"]}
        publication.begin(cast.actor("jingban"), matter, content)
        cast.review(cast.submit(publication.KIND, matter.pk))


def said(row: dict[str, Any], text: str) -> dict[str, Any]:
    """The content of a formal reply with this text."""
    content = {"body": f"{text}\n（本件为演示内容。）", "contact": "综合科（演示）", "phone": DEMO_PHONE}
    if row["kind"] in (Kind.MEDIA_LINE, Kind.HOTLINE):
        content["addressee"] = row["source"]
    return content

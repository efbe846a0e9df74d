"""Load texts.jsonl into both shapes; or answer queries by Wagtail's search. One JSON object on standard output.

    python -m peersite.load load COUNT          loads up to COUNT texts
    python -m peersite.load search              asks each line of queries.txt

Pages are inserted in bulk, with the paths that treebeard would give them: a stock site would have saved each.
"""

import json
import os
import sys
import time
from datetime import date, datetime
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

django.setup()
FOLDER = Path(os.environ["PEER_FOLDER"])


def load(count):
    from django.contrib.contenttypes.models import ContentType
    from wagtail.models import Page, Site

    from peersite.models import Article, Section, Text

    made = FOLDER / "made_migrations"
    if not made.exists():
        made.mkdir()
        (made / "__init__.py").touch()
        call_command("makemigrations", "peersite", verbosity=0, interactive=False)
    call_command("migrate", verbosity=0, interactive=False)
    section = Section.objects.first()
    if section is None:
        section = Page.get_first_root_node().add_child(instance=Section(title="栏目", slug="column"))
        Site.objects.update(root_page=section)
    there = Text.objects.count()
    with (FOLDER / "texts.jsonl").open(encoding="utf-8") as stream:
        rows = [json.loads(line) for n, line in enumerate(stream) if there <= n < count]
    kind = ContentType.objects.get_for_model(Article)
    locale = section.locale
    pages, days = [], []
    for n, row in enumerate(rows, there + 1):
        moment = timezone.make_aware(datetime.combine(date.fromisoformat(row["on"]), datetime.min.time()))
        slug = f"a-{n}"
        pages.append(
            Page(
                title=row["title"], draft_title=row["title"], slug=slug, content_type=kind, locale=locale,
                path=Page._get_path(section.path, section.depth + 1, n), depth=section.depth + 1, numchild=0,
                url_path=f"{section.url_path}{slug}/", live=True, first_published_at=moment, last_published_at=moment,
            )
        )  # fmt: skip
        days.append((slug, row))
    Page.objects.bulk_create(pages, batch_size=500)
    keys = dict(Page.objects.filter(content_type=kind).values_list("slug", "pk"))
    with connection.cursor() as cursor:
        cursor.executemany(
            'INSERT INTO "peersite_article" (page_ptr_id, "on", body) VALUES (%s, %s, %s)',
            [(keys[slug], row["on"], row["body"]) for slug, row in days],
        )
    Text.objects.bulk_create(
        (Text(slug=slug, title=row["title"], body=row["body"], on=row["on"]) for slug, row in days),
        batch_size=500,
    )
    Section.objects.filter(pk=section.pk).update(numchild=Article.objects.count())
    return {"texts": Text.objects.count(), "pages": Article.objects.count()}


def search():
    from peersite.models import Article

    begin = time.process_time()
    call_command("update_index", verbosity=0)
    built, found, times = time.process_time() - begin, [], []
    for query in (FOLDER / "queries.txt").read_text("utf-8").splitlines():
        begin = time.process_time()
        hits = Article.objects.search(query)
        total = hits.count()
        shown = [page.title for page in hits[:20]]
        times.append(time.process_time() - begin)
        found.append({"total": total, "titles": shown})
    return {"built": built, "found": found, "times": times}


if __name__ == "__main__":
    answer = load(int(sys.argv[2])) if sys.argv[1] == "load" else search()
    print(json.dumps(answer, ensure_ascii=False))

"""Finding applications that want the same: keyed digests over sealed texts, beside a trigram index of plain text.

The texts are drawn from titles of real documents where --titles names such a file. What is asked is a paraphrase
of a text in the index: shortened, in another order, in other width and punctuation, with other boilerplate. A
case about the same title must be among the ten that come back.
"""

import argparse
import csv
import random
import sqlite3
import time
from pathlib import Path
from typing import Any

from benchmarks import instances
from benchmarks.measuring import ms, note, percentile, table

TITLES = Path("..") / "shared" / "data" / "document-titles.csv"
BEFORE = (
    "申请公开",
    "本人依据《政府信息公开条例》申请获取",
    "请提供",
    "我公司需要了解",
    "特申请公开以下政府信息：",
)
AFTER = (
    "，提供复印件一份。",
    "的全部内容及批准文件",
    "，用于了解本人房屋的补偿标准和安置地点。",
    "（含附件），电子版发送至邮箱",
    "及其实施情况、资金来源和使用情况",
    "",
)
WIDE = str.maketrans("0123456789()", "０１２３４５６７８９（）")


def titles(place: Path) -> list[str]:
    """Titles to ask about, each once; drawn ones where there is no file."""
    if not place.exists():
        from benchmarks import rows

        return [rows.title(n) for n in range(30_000)]
    with place.open(encoding="utf-8") as file:
        return list(
            dict.fromkeys(row["title"].strip() for row in csv.DictReader(file) if row["title"].strip())
        )


def wanted(title: str, n: int) -> str:
    """The n-th request, about a title."""
    draw = random.Random(n)
    return f"{draw.choice(BEFORE)}《{title}》{draw.choice(AFTER)}"


def paraphrases(title: str, draw: random.Random) -> dict[str, str]:
    """The same wish in other words, by kind of change."""
    half = max(8, len(title) * 2 // 3)
    cut = draw.randrange(3, max(4, len(title) - 3))
    return {
        "other boilerplate": f"{draw.choice(BEFORE)}{title}{draw.choice(AFTER)}谢谢",
        "shortened": f"想了解{title[-half:]}",
        "another order": f"{title[cut:]}，{title[:cut]}，请公开",
        "other width and punctuation": f"【{'、'.join(title.translate(WIDE).split())}】。请书面答复！",
    }


class Peer:
    """SQLite's own trigram index (FTS5) over the plain texts: what one would use if nothing were sealed."""

    def __init__(self, place: Path, texts: list[str]) -> None:
        self.connection = sqlite3.connect(place)
        self.connection.execute("CREATE VIRTUAL TABLE t USING fts5(x, tokenize='trigram', detail='none')")
        self.connection.executemany("INSERT INTO t(rowid, x) VALUES (?, ?)", enumerate(texts))
        self.connection.commit()

    def near(self, text: str) -> list[int]:
        grams = list(dict.fromkeys(text[n : n + 3] for n in range(len(text) - 2)))
        asked = " OR ".join('"' + gram.replace('"', '""') + '"' for gram in grams)
        rows = self.connection.execute("SELECT rowid FROM t WHERE t MATCH ? ORDER BY rank LIMIT 10", (asked,))
        return [row[0] for row in rows]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.duplicates", description=__doc__)
    parser.add_argument("--applications", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=100)
    parser.add_argument("--titles", type=Path, default=TITLES)
    parser.add_argument("--postgresql", action="store_true")
    said = parser.parse_args()
    with instances.temporary(postgresql=said.postgresql) as cast:
        from django.conf import settings

        found = run(cast, said, settings.INSTANCE.home / "peer.sqlite3")
    table(f"{said.applications:,} applications, paraphrases asked (ms)", *found)
    return 0


def run(cast: Any, said: argparse.Namespace, place: Path) -> tuple[list[str], list[tuple[object, ...]]]:
    from benchmarks import rows
    from gongkai.agencies.models import Agency
    from gongkai.applications import likeness
    from gongkai.applications.models import Likeness, LikenessFeature

    about = titles(said.titles)
    texts = [wanted(about[n % len(about)], n) for n in range(said.applications)]
    note(f"loading {said.applications:,} applications past the journal …")
    loader = rows.Loader(cast)
    begin = time.process_time()
    made: list[Any] = []
    for start in range(0, len(texts), rows.BATCH):
        part = range(start, min(start + rows.BATCH, len(texts)))
        fresh = rows.Application.objects.bulk_create(loader.application(n, False)[0] for n in part)
        entries = Likeness.objects.bulk_create(
            Likeness(application=case, agency_id=case.agency_id, print=likeness.print_of(texts[n]))
            for case, n in zip(fresh, part, strict=True)
        )
        LikenessFeature.objects.bulk_create(
            LikenessFeature(likeness=entry, feature=each)
            for entry, n in zip(entries, part, strict=True)
            for each in likeness.features(texts[n])
        )
        made += [case.pk for case in fresh]
    built = time.process_time() - begin
    likeness.count_common()
    position = {pk: n for n, pk in enumerate(made)}
    agencies = list(Agency.objects.values_list("pk", flat=True))
    peer = Peer(place, texts)
    draw = random.Random(5)
    lines: list[tuple[object, ...]] = []
    asked = [(kind, which, text) for which in draw.sample(range(min(len(about), len(texts))), said.queries)
             for kind, text in paraphrases(about[which], draw).items()]  # fmt: skip
    taken: dict[str, list[tuple[float, bool, float, bool]]] = {}
    for kind, which, text in asked:
        begin = time.process_time()
        ours = [position[pk] % len(about) for pk, _score in likeness.near(text, agencies)]
        middle = time.process_time()
        theirs = [n % len(about) for n in peer.near(text)]
        taken.setdefault(kind, []).append(
            (middle - begin, which in ours, time.process_time() - middle, which in theirs)
        )
    taken["all"] = [row for each in taken.values() for row in each]
    for kind, each in taken.items():
        ours_t, theirs_t = [row[0] for row in each], [row[2] for row in each]
        lines.append(
            (kind, f"{sum(row[1] for row in each) / len(each):.0%}", f"{sum(row[3] for row in each) / len(each):.0%}",
             ms(percentile(ours_t, 0.5)), ms(percentile(ours_t, 0.95)), ms(percentile(theirs_t, 0.95)),
             f"{percentile(ours_t, 0.95) / percentile(theirs_t, 0.95):.2f}")
        )  # fmt: skip
    lines.append(
        (f"indexing, s ({LikenessFeature.objects.count():,} features)", "", "", f"{built:.1f}", "", "", "")
    )
    return ["paraphrase", "found", "peer found", "p50", "p95", "peer p95", "ratio of p95"], lines


if __name__ == "__main__":
    raise SystemExit(main())

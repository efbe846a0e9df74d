"""Message catalogues of the rooms: extract, fill, compile, check.

    python tools/messages.py extract [ROOM…]      xgettext over the room (needs GNU gettext)
    python tools/messages.py fill ROOM FILE.json  msgid → Chinese, written into the catalogue
    python tools/messages.py missing [ROOM…]      what has no translation yet, as JSON
    python tools/messages.py compile [ROOM…]      .po → .mo
    python tools/messages.py check                fails on a missing, fuzzy or uncompiled message, and on one that
                                                  two rooms translate differently

The .mo files are committed: an installation needs no gettext.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

SOURCE = Path(__file__).resolve().parents[1] / "src" / "gongkai"
LANGUAGE = "zh_Hans"
PLURAL = "nplurals=1; plural=0;"


def rooms(named: list[str]) -> list[Path]:
    """The folders of the rooms named, or of all that hold interface strings."""
    if named:
        return [SOURCE / name for name in named]
    return [path for path in sorted(SOURCE.iterdir()) if (path / "apps.py").exists()]


def catalogue(room: Path) -> Path:
    return room / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def fresh(room: Path) -> polib.POFile:
    """The messages that the room's source holds now, untranslated; read from a copy, so nothing here changes."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / room.name
        shutil.copytree(room, copy, ignore=shutil.ignore_patterns("locale", "__pycache__", "static", "*.mo"))
        (copy / "locale").mkdir()
        subprocess.run(
            [sys.executable, "-m", "django", "makemessages", "-l", LANGUAGE, "--no-location", "-v", "0"],
            cwd=copy,
            check=True,
        )
        po = catalogue(copy)
        return polib.pofile(str(po)) if po.exists() else polib.POFile()


def extract(room: Path) -> None:
    """Bring the catalogue to what the source holds: new messages empty, gone ones dropped."""
    now, path = fresh(room), catalogue(room)
    known = {entry.msgid: entry for entry in polib.pofile(str(path))} if path.exists() else {}
    result = polib.POFile(wrapwidth=0)
    result.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": LANGUAGE,
        "Plural-Forms": PLURAL,
    }
    for entry in sorted(now, key=lambda entry: entry.msgid):
        old = known.get(entry.msgid)
        made = polib.POEntry(
            msgid=entry.msgid, msgctxt=entry.msgctxt, flags=[f for f in entry.flags if f != "fuzzy"]
        )
        if entry.msgid_plural:
            made.msgid_plural = entry.msgid_plural
            made.msgstr_plural = {0: (old.msgstr_plural.get(0, "") if old else "")}
        else:
            made.msgstr = old.msgstr if old else ""
        result.append(made)
    if result:
        path.parent.mkdir(parents=True, exist_ok=True)
        result.save(str(path))
    else:
        path.unlink(missing_ok=True)


def fill(room: Path, translations: dict[str, str]) -> None:
    """Write translations into the catalogue; an unknown msgid is an error."""
    po = polib.pofile(str(catalogue(room)), wrapwidth=0)
    by_id = {entry.msgid: entry for entry in po}
    for msgid, msgstr in translations.items():
        if msgid not in by_id:
            sys.exit(f"{room.name}: no message {msgid!r}")
        entry = by_id[msgid]
        if entry.msgid_plural:
            entry.msgstr_plural = {0: msgstr}
        else:
            entry.msgstr = msgstr
    po.save(str(catalogue(room)))


def untranslated(room: Path) -> list[str]:
    path = catalogue(room)
    if not path.exists():
        return []
    return [
        entry.msgid
        for entry in polib.pofile(str(path))
        if not entry.obsolete
        and (entry.fuzzy or not (entry.msgstr_plural.get(0) if entry.msgid_plural else entry.msgstr))
    ]


_FIELD = re.compile(r"%\((\w+)\)|(?<!\{)\{(\w+)\}")


def faults(room: Path) -> list[str]:
    """What is wrong with a room's catalogue, in sentences."""
    path = catalogue(room)
    if shutil.which("xgettext") is None:
        # Without GNU gettext the source cannot be compared; translations and compiled files still are.
        now = {entry.msgid for entry in polib.pofile(str(path))} if path.exists() else set()
    else:
        now = {entry.msgid for entry in fresh(room)}
    if not path.exists():
        return [f"{room.name}: no catalogue; run: tools/messages.py extract {room.name}"] if now else []
    po = polib.pofile(str(path))
    there = {entry.msgid for entry in po if not entry.obsolete}
    found = [f"{room.name}: not in the catalogue: {msgid!r}" for msgid in sorted(now - there)]
    found += [f"{room.name}: no longer in the source: {msgid!r}" for msgid in sorted(there - now)]
    found += [f"{room.name}: not translated: {msgid!r}" for msgid in untranslated(room)]
    for entry in po:
        said = entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr
        if said and set(_FIELD.findall(entry.msgid_plural or entry.msgid)) != set(_FIELD.findall(said)):
            found.append(f"{room.name}: other fields in the translation: {entry.msgid!r}")
    mo = path.with_suffix(".mo")
    if not mo.exists() or {e.msgid: e.msgstr for e in polib.mofile(str(mo))} != {
        e.msgid: e.msgstr for e in po.translated_entries()
    }:
        found.append(f"{room.name}: compile it: tools/messages.py compile {room.name}")
    return found


def conflicts() -> list[str]:
    """Messages that two rooms translate differently: catalogues merge, so only one of them would be shown."""
    said: dict[tuple[str | None, str], dict[str, list[str]]] = {}
    for room in rooms([]):
        if catalogue(room).exists():
            for entry in polib.pofile(str(catalogue(room))):
                words = entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr
                said.setdefault((entry.msgctxt, entry.msgid), {}).setdefault(words, []).append(room.name)
    return [
        f"translated in different ways: {msgid!r}: "
        + "; ".join(f"{words} ({', '.join(names)})" for words, names in sorted(ways.items()))
        for (_context, msgid), ways in sorted(said.items(), key=lambda pair: pair[0][1])
        if len(ways) > 1
    ]


def main() -> None:
    act, *named = sys.argv[1:] or ["check"]
    match act:
        case "extract":
            for room in rooms(named):
                extract(room)
        case "fill":
            fill(SOURCE / named[0], json.loads(Path(named[1]).read_text("utf-8")))
        case "missing":
            print(
                json.dumps(
                    {room.name: untranslated(room) for room in rooms(named)}, ensure_ascii=False, indent=1
                )
            )
        case "compile":
            for room in rooms(named):
                if catalogue(room).exists():
                    polib.pofile(str(catalogue(room))).save_as_mofile(str(catalogue(room).with_suffix(".mo")))
        case "check":
            found = [fault for room in rooms(named) for fault in faults(room)]
            found += conflicts() if not named else []
            print("\n".join(found) or "catalogues: complete")
            sys.exit(bool(found))
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()

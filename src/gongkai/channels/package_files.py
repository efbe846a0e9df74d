"""What a package holds: page, text alone, attachments, metadata, digests and signature, made from the records each time."""

import io
import json
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import lxml.html
from cryptography.hazmat.primitives import serialization
from django.utils import timezone

from gongkai.channels import addresses, renderers, validity
from gongkai.channels.export_models import Package
from gongkai.disclosure import content as contents
from gongkai.disclosure.models import Item
from gongkai.journal import canon, chain
from gongkai.review.submission import content_of

# The time within a zip: the same records give the same bytes.
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Texts:
    """What is compared: title and text of a release, normalised, and its attachments by digest."""

    title: str
    text: str
    attachments: dict[str, str]


def normalised(text: str) -> str:
    """A text as it is compared: compatibility forms made one, everything invisible and all white space gone."""
    return re.sub(
        r"\s+", "", "".join(c for c in unicodedata.normalize("NFKC", text) if c.isprintable() or c.isspace())
    )


def validity_of(package: Package) -> str:
    """How a policy document stands today (有效、废止 …); empty for anything else."""
    item = Item.objects.filter(pk=package.subject_id).select_related("normative").first()
    found = validity.standing(item) if item is not None else None
    return found.label if found else ""


def _pages(package: Package) -> list[renderers.Page]:
    """The files of the release, by their paths on our own site; none after a withdrawal or an erasure."""
    public = renderers.kind_of(package.subject_kind)
    content = content_of(package.release.digest)
    if package.withdrawal_id or public is None or content is None:
        return []
    return public.pages(package.release, content)


def _folder(package: Package) -> str:
    public = renderers.kind_of(package.subject_kind)
    return public.folder(package.subject_id) if public else ""


def _readable(page: bytes) -> Any:
    """One element with the text of a page, which may stand in several places, as question and answer do."""
    root = lxml.html.document_fromstring(page.decode())
    found = root.xpath("//*[@data-readable]") or root.xpath("//main") or [root]
    if len(found) == 1:
        return found[0]
    together = lxml.html.fragment_fromstring("", create_parent="div")
    together.extend(found)
    return together


def texts(package: Package) -> Texts | None:
    """What is compared on the other side; None where nothing of the release may be shown any more."""
    content = content_of(package.release.digest)
    public = renderers.kind_of(package.subject_kind)
    if content is None or public is None:
        return None
    folder = _folder(package)
    pages = dict(public.pages(package.release, content))
    page = pages.get(f"{folder}/index.html")
    if page is None:
        return None
    attached = {
        canon.sm3(data): path.rpartition("/")[2].partition("-")[2]
        for path, data in pages.items()
        if path.startswith(f"{folder}/files/") and not _is_picture(path)
    }
    return Texts(normalised(package.title), normalised(_readable(page).text_content()), attached)


def _is_picture(path: str) -> bool:
    return bool(re.search(r"-picture\.[a-z]+$", path))


def metadata(package: Package) -> dict[str, Any]:
    """The catalogue metadata of rulebook 8.2, with the labels that platforms use."""
    said: dict[str, Any] = {"办理事项": str(package.get_what_display()), "信息名称": package.title}
    item = Item.objects.filter(pk=package.subject_id).select_related("agency", "column").first()
    said["发布机构"] = package.agency.name
    if item is not None:
        said["索引号"] = item.index_number
    if package.withdrawal is not None:
        # Of what was withdrawn nothing is told but that; the title only to find it there.
        said["撤下时间"] = f"{timezone.localtime(package.withdrawal.at):%Y-%m-%d %H:%M}"
        return said
    content = content_of(package.release.digest) or {}
    said["发布日期"] = f"{timezone.localtime(package.release.released_at):%Y-%m-%d %H:%M}"
    if item is not None:
        said |= {
            "内容概述": content.get("summary", ""),
            "成文日期": content.get("formed_on", ""),
            "发文字号": content.get("document_number", ""),
            "主题分类": content.get("theme", ""),
            "主题词": content.get("keywords", ""),
            "体裁": content.get("genre", ""),
            "公开方式": str(contents.ATTRIBUTES.get(content.get("attribute", ""), "")),
            "生效日期": content.get("effective_on", "") or "",
            "有效性": validity_of(package),
            "信息来源": content.get("source", "") or package.agency.name,
            "栏目": item.column.name if item.column else "",
        }
    said["内容摘要值"] = package.release.digest
    return said


def built(package: Package) -> bytes:
    """The zip of a package."""
    folder = _folder(package)
    files: dict[str, bytes] = {}
    for path, data in _pages(package):
        inside = path.removeprefix(f"{folder}/")
        if inside == "index.html":
            files["page.html"] = data
            files["text.html"] = _text_alone(package, data, folder)
        elif inside.startswith("files/"):
            files[inside] = data
    said = metadata(package) | {"附件": sorted(name for name in files if name.startswith("files/"))}
    files["metadata.json"] = json.dumps(
        said, ensure_ascii=False, indent=1, sort_keys=True, default=str
    ).encode()
    digests = "".join(f"{canon.sm3(data)} {len(data)} {name}\n" for name, data in sorted(files.items()))
    files["digests.txt"] = digests.encode()
    files["digests.sig"] = chain.sign(digests.encode()).encode()
    files["key.pem"] = chain.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _ZIP_TIME)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return stream.getvalue()


def _text_alone(package: Package, page: bytes, folder: str) -> bytes:
    """The text for the editor of the platform: title and text, links to the files beside it."""
    element = _readable(page)
    before = addresses.folder_url(folder)
    for link in element.iter("a", "img"):
        for name in ("href", "src"):
            if (value := link.get(name, "")).startswith(before):
                link.set(name, unquote(value.removeprefix(before)))
    title = lxml.html.fromstring("<h1></h1>")
    title.text = package.title
    inner = lxml.html.tostring(title, encoding="unicode") + lxml.html.tostring(element, encoding="unicode")
    return f'<!doctype html>\n<html lang="zh-Hans"><meta charset="utf-8">\n{inner}\n</html>\n'.encode()


def file_name(package: Package) -> str:
    number = Item.objects.filter(pk=package.subject_id).values_list("index_number", flat=True).first()
    return f"{addresses.segment((number or str(package.subject_id)).replace('/', '-'))}-{package.pk}.zip"

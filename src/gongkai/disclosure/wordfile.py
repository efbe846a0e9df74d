"""Import of a .docx into the body of an item: text, lists, tables and pictures; a warning for all else.

Conversion is mammoth's; what mammoth passes over in silence (hidden text, tracked changes, comments,
headers) is found by the screening room's own reading and told to the handler.
"""

import io
import zipfile
from dataclasses import dataclass
from typing import Any

import lxml.html
import mammoth
from django.utils.translation import gettext as _

from gongkai import screening
from gongkai.agencies.models import Agency
from gongkai.agencies.policy import Actor, Refused
from gongkai.disclosure import body
from gongkai.disclosure.content import KIND
from gongkai.disclosure.models import Item
from gongkai.files import cleaning, storage

STYLES = """
p[style-name='Title'] => h2.title:fresh
p[style-name='标题'] => h2.title:fresh
p[style-name='Heading 1'] => h2:fresh
p[style-name='heading 1'] => h2:fresh
p[style-name='Heading 2'] => h3:fresh
p[style-name='heading 2'] => h3:fresh
p[style-name='Heading 3'] => h4:fresh
p[style-name='heading 3'] => h4:fresh
"""
HIDDEN_LAYERS = {
    "hidden_text": "隐藏文字",
    "tracked_change": "修订痕迹",
    "comment": "批注",
    "header_footer": "页眉页脚",
    "footnote": "脚注尾注",
    "embedded_file": "嵌入的文件",
}


@dataclass(frozen=True)
class Imported:
    """title: the paragraph in the style for titles, or the first line, as a proposal; html: the cleaned body; warnings: what was lost."""

    title: str
    html: str
    warnings: list[str]


def read(actor: Actor, item_agency: Agency, item: Item, data: bytes, name: str) -> Imported:
    """Convert a .docx; its pictures become private attachments of `item`. Raises Refused with one sentence."""
    kind = storage.accept(data, name)
    if kind.extension != "docx":
        raise Refused(
            _("“%(name)s” is not a .docx; open it in Word or WPS and save it as .docx.") % {"name": name}
        )
    warnings: list[str] = []

    def picture(image: Any) -> dict[str, str]:
        with image.open() as stream:
            content = stream.read()
        try:
            row = cleaning.attach(
                content,
                f"picture.{image.content_type.split('/')[-1]}",
                who=actor.who,
                agency=item_agency,
                owner=(KIND, item.pk),
                purpose="picture",
                person=actor.person,
            )
        except Refused as refusal:
            warnings.append(_("A picture was left out: %(why)s") % {"why": refusal.message})
            return {"src": ""}
        if row.file.extension not in storage.PICTURES:
            warnings.append(_("A picture was left out: its kind is not shown on web pages."))
            return {"src": ""}
        return {"src": f"/workbench/files/{row.pk}/"}

    try:
        result = mammoth.convert_to_html(
            io.BytesIO(data), style_map=STYLES, convert_image=mammoth.images.img_element(picture)
        )
    except (KeyError, ValueError, zipfile.BadZipFile, OSError) as error:
        raise Refused(_("“%(name)s” cannot be read; save it anew and try again.") % {"name": name}) from error
    titled, text = _without_title(result.value)
    html = body.clean(text)
    layers = {finding.layer.value for finding in screening.screen_file(data, name).findings}
    for layer, words in HIDDEN_LAYERS.items():
        if layer in layers:
            warnings.append(
                _("The Word file holds %(what)s; it is not taken over. Look whether it matters.")
                % {"what": words}
            )
    for message in result.messages:
        if message.type != "info" and "Unrecognised paragraph style" not in message.message:
            warnings.append(_("Lost in the conversion: %(what)s") % {"what": message.message[:120]})
    lines = body.text_lines(html)
    title = titled or (lines[0] if lines else "")
    return Imported(title[:300], html, list(dict.fromkeys(warnings)))


def _without_title(html: str) -> tuple[str, str]:
    """The paragraph in Word's style for titles, which becomes the item's title, and the text without it."""
    if 'class="title"' not in html:
        return "", html
    root = lxml.html.fragment_fromstring(html, create_parent="div")
    [first, *_others] = root.find_class("title")
    title = " ".join(first.text_content().split())
    first.drop_tree()
    rest = (root.text or "") + "".join(lxml.html.tostring(child, encoding="unicode") for child in root)
    return title, rest

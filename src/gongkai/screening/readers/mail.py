"""Internet messages (eml, also web pages saved as mht): headers, bodies, attachments, messages in messages."""

import email
import email.policy
from collections.abc import Iterator
from email.message import EmailMessage, Message

from gongkai.screening.decoding import decode
from gongkai.screening.finding import Kind, Layer
from gongkai.screening.passage import Part, Remark, Unreadable, Weaver
from gongkai.screening.readers import office, plain, web
from gongkai.screening.readers.nest import Nest

MAX_PARTS = 1_000
_MAX_LEVELS = 40
_MAX_HEADERS = 1_000
_MAX_HEADER = 100_000

_SHOWN = {
    "subject": "主题",
    "from": "发件人",
    "sender": "代发人",
    "to": "收件人",
    "cc": "抄送",
    "bcc": "密送",
    "reply-to": "回复地址",
}
# What programs write for programs; the rest of the headers is screened.
_QUIET = frozenset(
    {
        "content-type", "content-transfer-encoding", "mime-version", "dkim-signature", "arc-seal", "arc-message-signature",
        "arc-authentication-results", "authentication-results", "received-spf", "date", "message-id", "in-reply-to",
        "references", "x-google-dkim-signature", "x-gm-message-state", "x-received", "received", "content-id", "content-disposition",
    }
)  # fmt: skip
_BROKEN = "邮件已损坏或不完整，请重新导出后再试"
_TOO_MANY = f"邮件部分过多（超过 {MAX_PARTS} 个）或嵌套过深，请分开后再试"
_TOO_LONG = f"邮件头过长（超过 {_MAX_HEADER} 字），未读取，请缩短后再试"
_WHY_PART = "邮件中有一部分的编码无法还原，未能读取，须由人查看"


def read(data: bytes, nest: Nest) -> Iterator[Part]:
    """All parts of a message. Raises Unreadable if it is damaged or has too many parts."""
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
    except (ValueError, LookupError, IndexError, AttributeError, TypeError, RecursionError) as error:
        raise Unreadable(_BROKEN) from error
    if not message.keys():
        raise Unreadable(_BROKEN)
    _limited(message)
    yield from _headers(message)
    seen = [0]
    yield from _body(message, nest, seen, 0)


def _limited(message: Message) -> None:
    """Refuse headers that the parser, which goes over them again and again, would take minutes for."""
    for _, value in message.raw_items():
        if len(str(value)) > _MAX_HEADER:
            raise Unreadable(_TOO_LONG)


def _headers(message: EmailMessage) -> Iterator[Part]:
    names = message.keys()
    if len(names) > _MAX_HEADERS:
        raise Unreadable(_TOO_MANY)
    shown, rest = Weaver(), Weaver()
    for name in dict.fromkeys(names):
        lower = name.lower()
        if lower in _QUIET:
            continue
        for value in _values(message, name):
            if lower in _SHOWN:
                shown.add(value, Layer.TEXT, f"邮件头，{_SHOWN[lower]}")
                shown.break_with("\t\n")
            else:
                rest.add(value, Layer.METADATA, f"邮件头，{lower[:40]}")
                rest.break_with("\t\n")
    yield from shown.passages()
    yield from rest.passages()


def _values(message: EmailMessage, name: str) -> list[str]:
    """The decoded values of a header; as they stand where they cannot be decoded."""
    try:
        return [_restored(str(value)) for value in message.get_all(name, [])]
    except (ValueError, LookupError, IndexError, AttributeError, TypeError, RecursionError):
        raw = [value for key, value in message.raw_items() if key.lower() == name.lower()]
        return [_restored(str(value)) for value in raw]


def _restored(value: str) -> str:
    """Bytes beyond ASCII that a program wrote into a header without encoding them."""
    if not any("\udc80" <= char <= "\udcff" for char in value):
        return value
    try:
        return decode(value.encode("utf-8", "surrogateescape"))
    except UnicodeError:
        return value.encode("utf-8", "replace").decode("utf-8")


def _body(message: Message, nest: Nest, seen: list[int], level: int) -> Iterator[Part]:
    seen[0] += 1
    if seen[0] > MAX_PARTS or level > _MAX_LEVELS:
        raise Unreadable(_TOO_MANY)
    _limited(message)
    kind = message.get_content_type()
    payload = message.get_payload() if message.is_multipart() else None
    if kind == "message/rfc822" and isinstance(payload, list):
        for inner in payload:
            if isinstance(inner, Message):
                yield from office.embedded(inner.as_bytes(), "转发的邮件.eml", nest, "附件")
        return
    if isinstance(payload, list):
        for text in (message.preamble, message.epilogue):
            yield from _beside(text)
        for inner in payload:
            if isinstance(inner, Message):
                yield from _body(inner, nest, seen, level + 1)
        return
    yield from _leaf(message, kind, nest)


def _beside(text: str | None) -> Iterator[Part]:
    """What stands before the first and after the last part, which no mail program shows."""
    if text and text.strip():
        yield plain.lines(_restored(text), Layer.HIDDEN_TEXT, "各部分之外的文字")


def _leaf(message: Message, kind: str, nest: Nest) -> Iterator[Part]:
    try:
        name = _restored(str(message.get_filename() or ""))
        attached = message.get_content_disposition() == "attachment"
        content = message.get_payload(decode=True)
    except (ValueError, LookupError, IndexError, AttributeError, TypeError, RecursionError):
        name, attached, content = "", False, None
    where = f"附件“{name}”" if name else "正文"
    if not isinstance(content, bytes) or message.defects:
        yield Remark(Kind.UNREADABLE_PART, Layer.EMBEDDED_FILE, where, name or kind, _WHY_PART)
    if not isinstance(content, bytes) or not content.strip():
        return
    nest.allowance.spend(len(content))
    if kind.startswith("text/") and not attached and not name:
        yield from _text(message, kind, content)
    else:
        ending = kind.rpartition("/")[2][:8]
        yield from office.embedded(content, name or f"未命名.{ending}", nest, "附件")


def _text(message: Message, kind: str, content: bytes) -> Iterator[Part]:
    text = _decoded(message, content)
    if text is None:
        yield Remark(Kind.UNREADABLE_PART, Layer.TEXT, "正文", kind, _WHY_PART)
    elif kind == "text/html":
        yield from web.read(text, "正文（网页）")
    elif kind == "text/css":
        yield plain.lines(text, Layer.HIDDEN_TEXT, "正文（样式）")
    elif text.strip():
        yield plain.lines(text, Layer.TEXT, "正文")
        yield from plain.encoded(text)


def _decoded(message: Message, content: bytes) -> str | None:
    """The text of a part in the encoding it declares, else in the one it is in."""
    charset = str(message.get_content_charset() or "").lower()
    # Chinese programs declare the older name of what is GB 18030.
    charset = "gb18030" if charset in ("gb2312", "gbk", "x-gbk", "cp936") else charset
    if charset and charset not in ("us-ascii", "ascii"):
        try:
            return content.decode(charset)
        except (ValueError, LookupError):
            pass  # a name that is none; what follows tells by the bytes
    try:
        return decode(content)
    except UnicodeError:
        return None

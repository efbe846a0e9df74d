"""Mail and archives with a text planted in one layer."""

import base64
import io
import zipfile
from email.message import EmailMessage

from tests.screening import plants_sheet, plants_word


def message(subject: str = "工作情况") -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"] = subject
    mail["From"] = "gongkai@example.gov.cn"
    mail["To"] = "office@example.gov.cn"
    mail["Date"] = "Tue, 12 Oct 2021 09:00:00 +0800"
    mail["Message-ID"] = "<1@example.gov.cn>"
    return mail


def body(leak: str) -> bytes:
    mail = message()
    mail.set_content(f"各科室：\n{leak}\n", charset="utf-8", cte="base64")
    return mail.as_bytes()


def body_in_gbk(leak: str) -> bytes:
    """As the older programs write: letters of GB 18030 that are declared as GB 2312."""
    head = message()
    head["MIME-Version"] = "1.0"
    head["Content-Type"] = "text/plain; charset=gb2312"
    head["Content-Transfer-Encoding"] = "8bit"
    return head.as_bytes() + f"各科室：\r\n{leak}\r\n".encode("gb18030")


def page_body(leak: str) -> bytes:
    mail = message()
    mail.set_content("见网页")
    mail.add_alternative(f"<p>各科室</p><p>{leak}</p>", subtype="html")
    return mail.as_bytes()


def subject(leak: str) -> bytes:
    mail = message(leak)
    mail.set_content("见标题")
    return mail.as_bytes()


def remark_header(leak: str) -> bytes:
    mail = message()
    mail["X-Remark"] = leak
    mail.set_content("见附件")
    return mail.as_bytes()


def page_comment(leak: str) -> bytes:
    mail = message()
    mail.set_content(f"<p>各科室</p><!-- {leak} -->", subtype="html")
    return mail.as_bytes()


def attachment(leak: str) -> bytes:
    mail = message()
    mail.set_content("见附件")
    mail.add_attachment(
        plants_sheet.hidden_row(leak), maintype="application", subtype="octet-stream", filename="名单.xlsx"
    )
    return mail.as_bytes()


def forwarded(leak: str) -> bytes:
    mail, inner = message(), message()
    inner.set_content(leak)
    mail.set_content("转发")
    mail.add_attachment(inner)
    return mail.as_bytes()


def beside_the_parts(leak: str) -> bytes:
    """Between the headers and the first part, where no program shows it."""
    mail = message()
    mail.set_content("一")
    mail.add_alternative("<p>一</p>", subtype="html")
    mail.preamble = "-"
    return mail.as_bytes().replace(b"\n-\n", b"\n" + leak.encode() + b"\n")


def web_archive(leak: str) -> bytes:
    """A page as browsers save it into one file."""
    encoded = base64.encodebytes(f"<html><body><p>{leak}</p></body></html>".encode()).decode()
    return (
        "From: <Saved by Blink>\r\nSubject: page\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related; type="text/html"; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        f"{encoded}\r\n--b--\r\n"
    ).encode()


def zipped(files: dict[str, bytes], comment: bytes = b"") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        archive.comment = comment
    return stream.getvalue()


def gbk_named(name: str, content: bytes) -> bytes:
    """An archive whose names are GBK without a mark, as Windows in Chinese makes them."""
    raw = name.encode("gb18030")
    data = zipped({"x" * len(raw): content})
    return data.replace(b"x" * len(raw), raw)


def entry(leak: str) -> bytes:
    return zipped({"文件夹/报告.docx": plants_word.text(leak), "说明.txt": "说明".encode()})


def hidden_in_entry(leak: str) -> bytes:
    return zipped({"名单.xlsx": plants_sheet.hidden_column(leak)})


def nested(leak: str) -> bytes:
    return zipped({"内.zip": zipped({"再内.zip": zipped({"名单.txt": leak.encode()})})})


def named_entry(leak: str) -> bytes:
    return gbk_named(f"{leak}.txt", "说明".encode())


def commented(leak: str) -> bytes:
    return zipped({"说明.txt": "说明".encode()}, comment=leak.encode("gb18030"))


def encrypted(name: str = "名单.txt") -> bytes:
    """An archive whose one entry says it is encrypted."""
    data = bytearray(zipped({name: b"0" * 40}))
    data[6] |= 1
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)

"""Outgoing mail, by one setting: GONGKAI_MAIL_URL names the server, the account and the sender.

smtp://user:password@mail.example.gov.cn:25?from=gk@example.gov.cn     STARTTLS (tls=none: without, inside one network)
smtps://user:password@mail.example.gov.cn:465?from=gk@example.gov.cn   TLS from the beginning
file:///srv/mails?from=gk@example.gov.cn                               into a folder, for a trial
"""

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

BACKENDS = {"smtp": "smtp", "smtps": "smtp", "file": "filebased"}
PORTS = {"smtp": 25, "smtps": 465}
TIMEOUT = 20


def settings(url: str | None) -> dict[str, Any]:
    """The settings of Django's mail with MAIL_FROM, empty where no mail is sent. Raises ImproperlyConfigured."""
    if not url:
        return {"MAIL_FROM": "", "EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    parts = urlsplit(url)
    more = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    sender = more.get("from", "")
    try:
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError:
        port = -1
    if parts.scheme not in BACKENDS or "@" not in sender or port < 0 or not (parts.hostname or parts.path):
        raise ImproperlyConfigured(
            "GONGKAI_MAIL_URL 应写作 smtps://用户:口令@邮件服务器:465?from=发件地址（或 smtp://、file://）；请改正后再启动。"
        )
    made = {
        "MAIL_FROM": sender,
        "EMAIL_BACKEND": f"django.core.mail.backends.{BACKENDS[parts.scheme]}.EmailBackend",
        "EMAIL_TIMEOUT": TIMEOUT,
    }
    if parts.scheme == "file":
        return made | {"EMAIL_FILE_PATH": unquote(parts.path)}
    return made | {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and more.get("tls", "") != "none",
    }

"""Reminders as e-mail through the office's own SMTP server."""

import smtplib
from dataclasses import dataclass, field

from django.core import mail
from django.core.exceptions import ValidationError
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies.policy import Refused
from gongkai.workbench.gateways import LONGEST_ADDRESS, Entry, Gateway, Message, NotSent, Unclear

STARTTLS, TLS, PLAIN = "starttls", "tls", "none"


@dataclass(frozen=True)
class EmailGateway(Gateway):
    """host, port, user, password, security (starttls, tls or none), sender, timeout in seconds."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    security: str = STARTTLS
    timeout: int = 10

    address_label = gettext_lazy("E-mail address")

    def cleaned(self, address: str) -> str:
        said = address.strip()
        try:
            validate_email(said)
        except ValidationError as error:
            raise Refused(_("Enter an e-mail address, as name@example.cn.")) from error
        if len(said) > LONGEST_ADDRESS:
            raise Refused(_("Enter an e-mail address, as name@example.cn."))
        return said

    def send(self, message: Message) -> None:
        connection = mail.get_connection(
            host=self.host,
            port=self.port,
            username=self.user,
            password=self.password,
            use_tls=self.security == STARTTLS,
            use_ssl=self.security == TLS,
            timeout=self.timeout,
        )
        try:
            connection.open()
        except smtplib.SMTPAuthenticationError as error:
            raise NotSent(_("The mail server refuses the log-in."), again=True) from error
        except (OSError, smtplib.SMTPException) as error:
            raise NotSent(_("The mail server cannot be reached."), again=True) from error
        letter = mail.EmailMessage(
            message.subject,
            message.text,
            self.sender,
            [message.address],
            headers={"Message-ID": f"<{message.id}@gongkai.invalid>", "Auto-Submitted": "auto-generated"},
            connection=connection,
        )
        try:
            letter.send()
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _words in error.recipients.values()]
            raise _refused(min(codes, default=550)) from error
        except smtplib.SMTPResponseException as error:
            raise _refused(error.smtp_code) from error
        except (OSError, smtplib.SMTPException) as error:
            raise Unclear(_("The line to the mail server broke while sending.")) from error
        finally:
            _close(connection)


def _refused(code: int) -> NotSent:
    # RFC 5321 4.2.1: 4xx passes, 5xx does not.
    return NotSent(_("The mail server refuses the message (%(code)d).") % {"code": code}, again=code < 500)


def _close(connection: BaseEmailBackend) -> None:
    """Hang up; what goes wrong after the message was taken says nothing about it."""
    try:
        connection.close()
    except (OSError, smtplib.SMTPException):
        return


def build(name: str, label: str, entry: Entry) -> Gateway:
    """From {host, port?, user?, password?, security?, from, timeout?}."""
    security = entry.choice("security", STARTTLS, TLS, PLAIN)
    ports = {STARTTLS: 587, TLS: 465, PLAIN: 25}
    return EmailGateway(
        name,
        label,
        host=entry.text("host"),
        port=entry.number("port", ports[security], 1, 65535),
        sender=entry.text("from"),
        user=entry.text("user", ""),
        password=entry.text("password", ""),
        security=security,
        timeout=entry.number("timeout", 10, 1, 60),
    )

"""Who may do what with the archive of an agency."""

from django.utils.translation import gettext_lazy as _

from gongkai.agencies.policy import approver, grant, handler, head, oversees, reviewer, staff

grant("archive.list", staff | oversees, _("see what this agency has filed"))
grant("archive.build", handler | head, _("file finished cases of this agency"))
grant("archive.read", staff, _("open archive packages of this agency"))
grant("archive.appraise", handler | head, _("propose appraisals of files of this agency"))
grant("archive.decide", reviewer | approver, _("decide on appraisals of files of this agency"))
grant("archive.destroy", handler | head, _("make and carry out lists of destruction of this agency"))
grant("archive.destroy_review", reviewer, _("review lists of destruction of this agency"))
grant("archive.destroy_approve", approver, _("approve lists of destruction of this agency"))
grant("archive.witness", staff, _("witness a destruction in this agency"))

"""The WSGI application: the site's files first, Django for the rest."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.config.settings")

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from gongkai.channels.moved import first_parts
from gongkai.channels.visiting import Visits
from gongkai.config.proxies import Behind
from gongkai.config.sitefiles import SiteFiles
from gongkai.loading import for_good

with for_good():
    django = Behind(get_wsgi_application(), settings.PROXIES, tls=settings.HTTPS)
    addresses = get_resolver().url_patterns
application = SiteFiles(
    settings.INSTANCE.home / "site",
    settings.STATIC_ROOT,
    django,
    first_parts(addresses),
    visits=Visits(settings.INSTANCE.home),
)

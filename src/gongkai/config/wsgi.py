"""The WSGI application: the site's files first, Django for the rest."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.config.settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

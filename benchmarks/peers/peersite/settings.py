"""Wagtail's project template of today, or the least that a Django view needs (PEER=plain, or distill for its URLs)."""

import os
import sys
from pathlib import Path

FOLDER = Path(os.environ["PEER_FOLDER"])
# Its migration hangs on the version of Wagtail, so it is made beside the database.
sys.path.append(str(FOLDER))
MIGRATION_MODULES = {"peersite": "made_migrations"}
DISTILL = os.environ.get("PEER") == "distill"
PLAIN = DISTILL or os.environ.get("PEER") == "plain"
SECRET_KEY = "benchmark"
ALLOWED_HOSTS = ["*"]
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
LANGUAGE_CODE = "zh-hans"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": FOLDER / "peer.sqlite3"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "peersite.distilled" if DISTILL else "peersite.urls"
STATIC_URL = "/static/"
WAGTAIL_SITE_NAME = "peer"
WAGTAILADMIN_BASE_URL = "http://127.0.0.1"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
INSTALLED_APPS = [
    "peersite", "wagtail.contrib.forms", "wagtail.contrib.redirects", "wagtail.embeds", "wagtail.sites",
    "wagtail.users", "wagtail.snippets", "wagtail.documents", "wagtail.images", "wagtail.search", "wagtail.admin",
    "wagtail", "modelcluster", "taggit", "django_filters", "django.contrib.admin", "django.contrib.auth",
    "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.messages", "django.contrib.staticfiles",
    *(["django_distill"] if DISTILL else []),
]  # fmt: skip
MIDDLEWARE = [] if PLAIN else [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]  # fmt: skip
PROCESSORS = [] if PLAIN else [
    "django.template.context_processors.debug",
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
]  # fmt: skip
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [FOLDER / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": PROCESSORS, "builtins": ["wagtail.templatetags.wagtailcore_tags"]},
    }
]

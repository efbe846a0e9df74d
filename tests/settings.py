"""Settings for the tests: a fresh demonstration instance in a temporary folder.

It is marked as a demonstration so that the clock can be set; tests that show a real instance
override INSTANCE.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from gongkai.instance import Instance

# The processes that tests start find the modules compiled: a quarter less for each start of the command.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
_home = Path(tempfile.mkdtemp(prefix="gongkai-test-"))
atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ["GONGKAI_HOME"] = str(_home)
if url := os.environ.get("GONGKAI_TEST_DATABASE_URL"):
    os.environ["GONGKAI_DATABASE_URL"] = url
Instance.found(_home, demo=True, created="2021-01-01T00:00:00+08:00")

from gongkai.config.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# No test cuts the power: what is written need not reach the disk. Killed processes are of their own, with real settings.
os.fsync = lambda _file: None
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    options = DATABASES["default"]["OPTIONS"]  # noqa: F405
    options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
# A browser driven in the same process leaves an event loop running, which Django would take for async code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

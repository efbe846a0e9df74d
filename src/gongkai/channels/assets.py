"""What the server hands out as files before anything is released: styles, scripts, standing pages."""

from django.core.management import call_command

from gongkai.channels import site, tree


def collect() -> None:
    """Copy the static files of all rooms into the instance, and write the site where it has not been written."""
    call_command("collectstatic", interactive=False, verbosity=0)
    if tree.read("404.html") is None:
        site.write_all()

from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    name = "gongkai.disclosure"
    verbose_name = "主动公开"

    def ready(self) -> None:
        from gongkai.disclosure import menu
        from gongkai.disclosure.kind import ItemKind
        from gongkai.review import subjects

        subjects.register(ItemKind())
        menu.register()

from django.apps import AppConfig


class CorrespondenceConfig(AppConfig):
    name = "gongkai.correspondence"
    verbose_name = "来信来电和交办事项"

    def ready(self) -> None:
        from gongkai.correspondence import documents, menu
        from gongkai.correspondence.archiving import MatterArchive
        from gongkai.correspondence.kind import AnsweredLetterKind, ReplyKind
        from gongkai.files.archives import kinds as archive_kinds
        from gongkai.journal import outbox
        from gongkai.review import subjects

        subjects.register(ReplyKind())
        subjects.register(AnsweredLetterKind())
        archive_kinds.register(MatterArchive())
        outbox.subscribe("review.released", "correspondence.documents", documents.after_release)
        menu.register()

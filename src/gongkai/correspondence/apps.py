from django.apps import AppConfig


class CorrespondenceConfig(AppConfig):
    name = "gongkai.correspondence"
    verbose_name = "来信来电和交办事项"

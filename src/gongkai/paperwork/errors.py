"""What can be wrong with a document before it is set."""


class PaperworkError(ValueError):
    """A document cannot be made; the message is one Chinese sentence that says why and what to do."""


class GlyphMissing(PaperworkError):
    """A character of a field is in none of the bundled fonts (PDF/A allows no missing glyph)."""

    def __init__(self, character: str, field: str) -> None:
        self.character = character
        self.field = field
        super().__init__(
            f"“{field}”里的“{character}”（U+{ord(character):04X}）不在文书字体中，"
            "请改用规范汉字，或者在文中说明字形后另附图片。"
        )


class FieldEmpty(PaperworkError):
    """A field that the document cannot do without is empty."""

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__(f"“{field}”没有填写，请补上后再生成文书。")


class TooLong(PaperworkError):
    """A field, a list or the whole document is longer than its limit."""

    def __init__(self, field: str, length: int, limit: int, unit: str = "字") -> None:
        self.field = field
        self.length = length
        self.limit = limit
        super().__init__(f"“{field}”有{length}{unit}，超过{limit}{unit}的上限，请缩短，或者改列为附件。")


class LayoutFailed(PaperworkError):
    """The typesetter refused the document for a reason that was not foreseen."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"文书排版没有成功（{reason}），请把这句话和文书编号交给系统管理员。")

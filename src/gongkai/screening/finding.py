"""What screening says: one finding, the verdict on a whole, and the policy that weighs them.

Kinds, layers and default severities are those of `gongkai screen`; programs rely on the words.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Self


class Kind(StrEnum):
    """What was found."""

    RESIDENT_ID = "resident_id"
    BANK_CARD = "bank_card"
    PASSPORT = "passport"
    MOBILE_NUMBER = "mobile_number"
    CLASSIFICATION_MARK = "classification_mark"
    INTERNAL_MARK = "internal_mark"
    MACRO = "macro"
    UNREADABLE_PART = "unreadable_part"
    VEHICLE_PLATE = "vehicle_plate"
    HOME_ADDRESS = "home_address"
    DRAFT_MARK = "draft_mark"
    DOCUMENT_METADATA = "document_metadata"
    LOCATION_METADATA = "location_metadata"
    HIDDEN_CONTENT = "hidden_content"
    WORDING = "wording"


class Layer(StrEnum):
    """Where in a document it was found."""

    TEXT = "text"
    TABLE = "table"
    HEADER_FOOTER = "header_footer"
    FOOTNOTE = "footnote"
    COMMENT = "comment"
    TRACKED_CHANGE = "tracked_change"
    HIDDEN_TEXT = "hidden_text"
    HIDDEN_SHEET = "hidden_sheet"
    HIDDEN_ROW = "hidden_row"
    HIDDEN_COLUMN = "hidden_column"
    METADATA = "metadata"
    EMBEDDED_FILE = "embedded_file"
    ALT_TEXT = "alt_text"
    IMAGE = "image"
    UNDER_COVER = "under_cover"


class Severity(StrEnum):
    """What a finding does: `block` stops a release until it is resolved, `warn` is shown."""

    BLOCK = "block"
    WARN = "warn"


class Verdict(StrEnum):
    """The answer about one text or file. `unreadable`: it could not be read, so nothing is known."""

    CLEAR = "clear"
    WARN = "warn"
    BLOCK = "block"
    UNREADABLE = "unreadable"


KIND_LABELS: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.RESIDENT_ID: "公民身份号码",
        Kind.BANK_CARD: "银行卡号",
        Kind.PASSPORT: "护照号码",
        Kind.MOBILE_NUMBER: "手机号码",
        Kind.CLASSIFICATION_MARK: "国家秘密标志",
        Kind.INTERNAL_MARK: "内部标识",
        Kind.MACRO: "宏或脚本",
        Kind.UNREADABLE_PART: "未能读取的部分",
        Kind.VEHICLE_PLATE: "机动车号牌",
        Kind.HOME_ADDRESS: "家庭住址",
        Kind.DRAFT_MARK: "文稿标识",
        Kind.DOCUMENT_METADATA: "文档属性",
        Kind.LOCATION_METADATA: "位置信息",
        Kind.HIDDEN_CONTENT: "隐藏内容",
        Kind.WORDING: "用语",
    }
)

LAYER_LABELS: Mapping[Layer, str] = MappingProxyType(
    {
        Layer.TEXT: "正文",
        Layer.TABLE: "表格",
        Layer.HEADER_FOOTER: "页眉页脚",
        Layer.FOOTNOTE: "脚注尾注",
        Layer.COMMENT: "批注",
        Layer.TRACKED_CHANGE: "修订痕迹",
        Layer.HIDDEN_TEXT: "隐藏文字",
        Layer.HIDDEN_SHEET: "隐藏工作表",
        Layer.HIDDEN_ROW: "隐藏行",
        Layer.HIDDEN_COLUMN: "隐藏列",
        Layer.METADATA: "文档属性",
        Layer.EMBEDDED_FILE: "内嵌文件",
        Layer.ALT_TEXT: "替代文字",
        Layer.IMAGE: "图片",
        Layer.UNDER_COVER: "遮盖之下",
    }
)

VERDICT_LABELS: Mapping[Verdict, str] = MappingProxyType(
    {
        Verdict.CLEAR: "未发现问题",
        Verdict.WARN: "有提示",
        Verdict.BLOCK: "有阻断项",
        Verdict.UNREADABLE: "无法读取",
    }
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found.

    `excerpt` is masked: of a number it shows at most the first six and the last two characters.
    `location` is for people (第 3 页, 工作表“名单”，B7). `why` says by which rule it counts.
    `start` and `end` are character offsets into the text that was screened (for html: into
    `html_text` of it); None where there is no such text, as in a file.
    """

    kind: Kind
    layer: Layer
    severity: Severity
    excerpt: str
    location: str
    why: str
    start: int | None = None
    end: int | None = None

    def to_json(self) -> dict[str, Any]:
        """As plain values for json; `from_json` gives the same finding back."""
        return {
            "kind": str(self.kind),
            "layer": str(self.layer),
            "severity": str(self.severity),
            "excerpt": self.excerpt,
            "location": self.location,
            "why": self.why,
            "start": self.start,
            "end": self.end,
        }

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Self:
        """The finding that `to_json` wrote. Raises KeyError or ValueError for anything else."""
        return cls(
            kind=Kind(row["kind"]),
            layer=Layer(row["layer"]),
            severity=Severity(row["severity"]),
            excerpt=str(row["excerpt"]),
            location=str(row["location"]),
            why=str(row["why"]),
            start=row.get("start"),
            end=row.get("end"),
        )


_BLOCKING = frozenset(
    {
        Kind.RESIDENT_ID,
        Kind.BANK_CARD,
        Kind.PASSPORT,
        Kind.MOBILE_NUMBER,
        Kind.CLASSIFICATION_MARK,
        Kind.INTERNAL_MARK,
        Kind.MACRO,
        Kind.UNREADABLE_PART,
    }
)


def _default_severities() -> Mapping[Kind, Severity]:
    return MappingProxyType({k: Severity.BLOCK if k in _BLOCKING else Severity.WARN for k in Kind})


# What no policy lowers: a mark of secrecy on what is to be published, and what nobody could read.
FIXED_KINDS = frozenset({Kind.CLASSIFICATION_MARK, Kind.UNREADABLE_PART})


def _no_layers() -> Mapping[tuple[Kind, Layer], Severity]:
    return MappingProxyType({})


def _cell(name: str) -> tuple[Kind, Layer | None]:
    """The kind and, behind an @, the layer that a written cell of the policy names."""
    kind, at, layer = name.partition("@")
    return Kind(kind), Layer(layer) if at else None


@dataclass(frozen=True, slots=True)
class Policy:
    """Kind → severity, and (kind, layer) → severity where a layer is weighed by itself.

    The default is the table of `gongkai screen`; an instance may hold others, one for each column. No
    policy switches a kind off, and those of FIXED_KINDS block under every policy (保守国家秘密法
    第三十五条; what could not be read was not examined): ValueError for one that lowers them.
    """

    severities: Mapping[Kind, Severity] = field(default_factory=_default_severities)
    by_layer: Mapping[tuple[Kind, Layer], Severity] = field(default_factory=_no_layers)

    def __post_init__(self) -> None:
        missing = [str(kind) for kind in Kind if kind not in self.severities]
        if missing:
            raise ValueError(f"筛查规则缺少以下类别的处置：{'、'.join(missing)}")
        cells = [*self.severities.items(), *((kind, said) for (kind, _), said in self.by_layer.items())]
        for kind, severity in cells:
            if kind in FIXED_KINDS and severity is not Severity.BLOCK:
                raise ValueError(f"“{KIND_LABELS[kind]}”必须阻断，不能调低")

    def severity_of(self, kind: Kind, layer: Layer | None = None) -> Severity:
        """What a finding of this kind in this layer does; without a layer, what it does by default."""
        if layer is not None and (kind, layer) in self.by_layer:
            return self.by_layer[kind, layer]
        return self.severities[kind]

    def with_overrides(self, cells: Mapping[str, str]) -> Self:
        """This policy with some cells set anew, named as in `to_json`.

        A kind named without a layer is set for all its layers that are not named beside it. Raises
        ValueError for an unknown name or one that may not be lowered.
        """
        severities, by_layer = dict(self.severities), dict(self.by_layer)
        given = {_cell(name): Severity(said) for name, said in cells.items()}
        for (kind, layer), severity in given.items():
            if layer is None:
                severities[kind] = severity
                by_layer = {cell: said for cell, said in by_layer.items() if cell[0] is not kind}
        by_layer.update({(k, layer): said for (k, layer), said in given.items() if layer is not None})
        return type(self)(MappingProxyType(severities), MappingProxyType(by_layer))

    def stricter(self, other: "Policy") -> Self:
        """The policy that blocks wherever one of the two does."""
        severities = {kind: _stricter(self.severity_of(kind), other.severity_of(kind)) for kind in Kind}
        by_layer = {
            cell: _stricter(self.severity_of(*cell), other.severity_of(*cell))
            for cell in (*self.by_layer, *other.by_layer)
        }
        return type(self)(MappingProxyType(severities), MappingProxyType(by_layer))

    def to_json(self) -> dict[str, str]:
        """As plain values for json: {kind: severity, kind@layer: severity}."""
        return {
            **{str(kind): str(severity) for kind, severity in self.severities.items()},
            **{f"{kind}@{layer}": str(severity) for (kind, layer), severity in self.by_layer.items()},
        }

    @classmethod
    def from_json(cls, row: Mapping[str, str]) -> Self:
        """A policy from what `to_json` gives; cells left out keep their default. ValueError if unknown."""
        return cls().with_overrides(row)


def _stricter(one: Severity, other: Severity) -> Severity:
    return Severity.BLOCK if Severity.BLOCK in (one, other) else Severity.WARN


DEFAULT_POLICY = Policy()


@dataclass(frozen=True, slots=True)
class Result:
    """The answer about one file. `reason` is set exactly when the verdict is `unreadable`.

    `persons`: so many rows of its lists name a person (see persons.py).
    """

    verdict: Verdict
    findings: tuple[Finding, ...]
    reason: str | None
    rules_version: str
    media_type: str
    persons: int = 0

    def to_json(self) -> dict[str, Any]:
        """As plain values for json; `from_json` gives the same result back."""
        return {
            "verdict": str(self.verdict),
            "findings": [finding.to_json() for finding in self.findings],
            "reason": self.reason,
            "rules_version": self.rules_version,
            "media_type": self.media_type,
            "persons": self.persons,
        }

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Self:
        """The result that `to_json` wrote. Raises KeyError or ValueError for anything else."""
        return cls(
            verdict=Verdict(row["verdict"]),
            findings=tuple(Finding.from_json(finding) for finding in row["findings"]),
            reason=row["reason"],
            rules_version=str(row["rules_version"]),
            media_type=str(row["media_type"]),
            persons=int(row["persons"]),
        )


def verdict_of(findings: Iterable[Finding]) -> Verdict:
    """Block if any finding blocks, else warn if there is any, else clear."""
    severities = {finding.severity for finding in findings}
    if Severity.BLOCK in severities:
        return Verdict.BLOCK
    return Verdict.WARN if severities else Verdict.CLEAR

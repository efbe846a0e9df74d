"""Files inside files: one allowance of depth, number and expanded size for the whole nest."""

from collections.abc import Callable, Iterator

from gongkai.screening.passage import Part, Unreadable

MAX_DEPTH = 5
MAX_FILES = 2_000
MAX_EXPANDED = 768 << 20

BOMB = "文件展开后过大，疑似压缩炸弹，未读取"
_TOO_DEEP = f"内嵌层数过多（超过 {MAX_DEPTH} 层），请取出后逐个提交"
_TOO_MANY = f"内含文件过多（超过 {MAX_FILES} 个），请分批提交"

# Reads one file of a name at a depth of a nest.
Reader = Callable[[bytes, str, "Nest"], Iterator[Part]]


class Allowance:
    """What all files of one nest may use together. What a directory claims is not trusted."""

    def __init__(self) -> None:
        self._bytes = MAX_EXPANDED
        self._files = MAX_FILES

    def spend(self, size: int) -> None:
        """Count expanded bytes; Unreadable where they are too many."""
        self._bytes -= size
        if self._bytes < 0:
            raise Unreadable(BOMB)

    def enter(self) -> None:
        """Count one file; Unreadable where they are too many."""
        self._files -= 1
        if self._files < 0:
            raise Unreadable(_TOO_MANY)


class Nest:
    """Where in a nest a reader stands. Calling it reads a file inside this one."""

    def __init__(self, reader: Reader, depth: int = 0, allowance: Allowance | None = None) -> None:
        self._reader = reader
        self._depth = depth
        self.allowance = allowance or Allowance()

    def inner(self) -> "Nest":
        """The place one deeper, for one more file. Raises Unreadable beyond the limits."""
        if self._depth + 1 >= MAX_DEPTH:
            raise Unreadable(_TOO_DEEP)
        self.allowance.enter()
        return Nest(self._reader, self._depth + 1, self.allowance)

    def __call__(self, data: bytes, name: str) -> Iterator[Part]:
        """The parts of an inner file. Raises Unreadable beyond the limits, or as its reader does."""
        return self._reader(data, name, self.inner())

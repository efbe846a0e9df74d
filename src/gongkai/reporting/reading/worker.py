"""What is done in the process of its own in which a report is read (see isolated.py, gongkai.screening.forkserver).

Whatever a hostile file does to a parser, it does it here, under limits, without the right to write a file.
"""

from typing import Any

from gongkai.reporting.reading.source import NeedsRecognition, UnreadableReport, read_bytes
from gongkai.reporting.reading.textreport import report_from_source

OUT_OF_MEMORY = "文件展开后超出内存限制，未能读完，请提供单独的年度报告文件"
FAULT = "文件结构异常，未能读完，请用办公软件重新另存后再试"


def prepare() -> None:
    """All that a child needs is loaded with this module, save the recogniser of pictures."""


def answer(head: dict[str, Any], data: bytes) -> dict[str, Any]:
    """The lines of a report ({"lines", "places", "kind", "findings", "printed"}), or why there are none ({"reason"}).

    `head`: {"suffix", "recognise"}. {"recognise": true} stands for a file with pages that are pictures, which were
    not to be recognised. The lines are read to the end as a report, so that whoever does so again does not wait.
    """
    try:
        source = read_bytes(data, head["suffix"], recognise=head["recognise"])
        report_from_source(source)
    except NeedsRecognition:
        return {"recognise": True}
    except UnreadableReport as reason:
        return {"reason": str(reason)}
    except MemoryError:
        return {"reason": OUT_OF_MEMORY}
    except Exception:
        # A parser met something its authors did not think of: to us the file is unreadable.
        return {"reason": FAULT}
    return {
        "lines": source.lines,
        "places": source.places,
        "kind": source.kind,
        "findings": [one.to_json() for one in source.findings],
        "printed": list(source.printed.items()),
    }

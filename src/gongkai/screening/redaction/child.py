"""The process in which one file is taken apart: `python -m gongkai.screening.redaction.child`.

Standard input holds one line of JSON ({"act", "name", "order", "memory", "cpu"}) and then the file's bytes;
standard output gets one line of JSON and, where a file was made, its bytes.
"""

import json
import os
import sys
from dataclasses import asdict
from typing import Any

from gongkai.screening.child import limit_process
from gongkai.screening.passage import Unreadable
from gongkai.screening.redaction import doors, properties
from gongkai.screening.redaction.orders import Order, Outcome

OUT_OF_MEMORY = "文件展开后超出内存限制，未能处理，请拆分后再试"
FAULT = "文件结构异常，未能处理；请用办公软件重新另存后再试"


def answer(question: dict[str, Any], data: bytes) -> tuple[dict[str, Any], bytes]:
    """What the process answers: the line, and the new file where one was made."""
    name = str(question["name"])
    try:
        if question["act"] == "clean":
            return _made(properties.clean(data, name))
        if question["act"] == "redact":
            return _made(doors.redact(data, name, Order.from_json(question["order"])))
        if question["act"] == "survey":
            return {"targets": [asdict(target) for target in doors.survey(data, name)]}, b""
        return {"lists": [_list(each) for each in doors.lists(data, name)]}, b""
    except Unreadable as error:
        return {"reason": str(error)}, b""
    except MemoryError:
        return {"reason": OUT_OF_MEMORY}, b""
    except Exception:
        # A parser met something its authors did not think of: nothing is made of such a file.
        return {"reason": FAULT}, b""


def _list(each: Any) -> dict[str, Any]:
    columns = [[column.number, column.heading, column.item] for column in each.columns]
    return {
        "number": each.number,
        "name": each.name,
        "columns": columns,
        "rows": each.rows,
        "count": each.count,
    }


def _made(outcome: Outcome) -> tuple[dict[str, Any], bytes]:
    said = {"removed": [row.to_json() for row in outcome.removed], "notes": list(outcome.notes)}
    return said, outcome.data


def main() -> None:
    """Serve one file."""
    out = os.dup(1)
    os.dup2(2, 1)
    question = json.loads(sys.stdin.buffer.readline())
    limit_process(question["memory"], question["cpu"])
    said, made = answer(question, sys.stdin.buffer.read())
    with os.fdopen(out, "wb") as stream:
        stream.write(json.dumps(said, ensure_ascii=False).encode() + b"\n" + made)


if __name__ == "__main__":
    main()

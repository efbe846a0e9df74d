"""Microsoft Presidio's pattern recognisers over the texts of `benchmarks.screening`, in its own environment.

Run by that benchmark with the interpreter that --presidio names. Standard input is one JSON list of texts;
standard output one JSON object: processor time of the fastest round, version, and the stretches found in each
text as [kind, start, end]. The recognisers are called directly: no language model takes part.
"""

import json
import sys
import time
from importlib.metadata import version

from presidio_analyzer import Pattern, PatternRecognizer
from presidio_analyzer.predefined_recognizers import CreditCardRecognizer


class ResidentId(PatternRecognizer):
    """Eighteen digits with the check digit of GB 11643, as a custom recogniser would be written."""

    def validate_result(self, pattern_text):
        digits = pattern_text.upper()
        total = sum(int(digit) * (2 ** (17 - at) % 11) for at, digit in enumerate(digits[:17]))
        return "10X98765432"[total % 11] == digits[17]


def recognisers():
    digits = r"(?<![0-9])[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![0-9])"
    yield (
        "resident_id",
        ResidentId("RESIDENT_ID", patterns=[Pattern("id", digits, 0.5)], supported_language="zh"),
    )
    mobile = Pattern("mobile", r"(?<![0-9])1[3-9]\d{9}(?![0-9])", 0.5)
    yield "mobile_number", PatternRecognizer("MOBILE", patterns=[mobile], supported_language="zh")
    # Its own patterns know no UnionPay.
    unionpay = Pattern("unionpay", r"(?<![0-9])(?:62|9558|436742)\d{10,17}(?![0-9])", 0.3)
    cards = CreditCardRecognizer(patterns=[*CreditCardRecognizer.PATTERNS, unionpay], supported_language="zh")
    yield "bank_card", cards


def main() -> None:
    texts = json.load(sys.stdin)
    known = list(recognisers())
    best = float("inf")
    for _round in range(3):
        begin = time.process_time()
        found = [
            [
                (kind, hit.start, hit.end)
                for kind, recogniser in known
                for hit in recogniser.analyze(text, recogniser.supported_entities)
                if hit.score > 0
            ]
            for text in texts
        ]
        best = min(best, time.process_time() - begin)
    json.dump({"seconds": best, "version": version("presidio-analyzer"), "found": found}, sys.stdout)


if __name__ == "__main__":
    main()

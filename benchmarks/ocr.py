"""How many numbers of persons are read from pictures: by font, size, resolution and damage.

python -m benchmarks.ocr            # about 6 minutes
python -m benchmarks.ocr --quick    # one font, two minutes

Each picture holds twelve lines, each with a resident id, a mobile number or a bank card made by a seeded generator.
Read means that the detectors find the very number in what was recognised. A picture that is not read in full counts
as told if it yields the finding that a person must look at it.
"""

import argparse
import io
import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from stdnum import luhn
from stdnum.cn import ric

from benchmarks.measuring import note, table
from gongkai.screening import Kind
from gongkai.screening.passage import Passage, Remark, fold
from gongkai.screening.readers import ocr, picture
from gongkai.screening.rules import hits

FONTS = Path(__file__).parents[1] / "src" / "gongkai" / "paperwork" / "fonts"
FACES = {"Song": "GongkaiSong-Regular.otf", "Kai": "GongkaiKai-Regular.ttf", "Hei": "GongkaiHei-Regular.otf"}
SIZES = (9.0, 10.5, 12.0, 16.0)
RESOLUTIONS = (100, 150, 200)
LINES = 12
_LONE = 6


def numbers(rng: random.Random) -> Iterator[tuple[Kind, str, str]]:
    """Kind, number, and the line it stands in."""
    names = "张王李赵刘陈杨黄周吴徐孙"
    for index in range(LINES):
        who = f"{rng.choice(names)}某某"
        if index % 3 == 0:
            born = f"{rng.randrange(1950, 2010)}{rng.randrange(1, 13):02}{rng.randrange(1, 29):02}"
            head = f"4103{rng.randrange(2, 30):02}{born}{rng.randrange(1000):03}"
            number = head + ric.calc_check_digit(head + "0")
            yield Kind.RESIDENT_ID, number, f"{index + 1} {who} 身份证号 {number}"
        elif index % 3 == 1:
            number = f"1{rng.choice('3578')}{rng.randrange(10**9):09}"
            yield Kind.MOBILE_NUMBER, number, f"{index + 1} {who} 联系电话 {number}"
        else:
            head = f"622202{rng.randrange(10**12):012}"
            number = head + luhn.calc_check_digit(head)
            yield Kind.BANK_CARD, number, f"{index + 1} {who} 银行卡号 {number}"


def page(lines: list[str], face: str, points: float, resolution: int) -> Image.Image:
    """The lines as a printed list, scanned without damage."""
    size = round(points * resolution / 72)
    font = ImageFont.truetype(str(FONTS / FACES[face]), size)
    sheet = Image.new("L", (round(7 * resolution), len(lines) * size * 2 + 4 * size), 255)
    pen = ImageDraw.Draw(sheet)
    for number, line in enumerate(lines):
        pen.text((2 * size, 2 * size + number * size * 2), line, font=font, fill=20)
    return sheet


def _grain(sheet: Image.Image) -> Image.Image:
    grey = np.asarray(sheet, dtype=np.float32)
    noise = np.random.default_rng(7).normal(0, 22, grey.shape)
    return Image.fromarray(np.clip(grey + noise, 0, 255).astype(np.uint8))


def _copied(sheet: Image.Image) -> Image.Image:
    """Grainy, then black and white, as a poor copier or a fax."""
    return _grain(sheet.filter(ImageFilter.GaussianBlur(0.8))).point(lambda value: 255 if value > 140 else 0)


def _jpeg(sheet: Image.Image) -> Image.Image:
    stream = io.BytesIO()
    sheet.save(stream, "JPEG", quality=30)
    return Image.open(stream)


DAMAGES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "clean": lambda sheet: sheet,
    "turned by 1.5°": lambda sheet: sheet.rotate(
        1.5, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC
    ),
    "grain": _grain,
    "JPEG, quality 30": _jpeg,
    "blurred, 1.2 pixels": lambda sheet: sheet.filter(ImageFilter.GaussianBlur(1.2)),
    "blurred and grainy": lambda sheet: _grain(sheet.filter(ImageFilter.GaussianBlur(1.6))),
    "copied in black and white": _copied,
    "faint (grey 170 on 235)": lambda sheet: sheet.point(lambda value: 170 if value < 128 else 235),
}


def read(sheet: Image.Image) -> tuple[set[tuple[Kind, str]], bool]:
    """Numbers found in a picture, and whether it says that a person must look."""
    ocr.begin(600)
    found: set[tuple[Kind, str]] = set()
    told = False
    for part in ocr.read(picture.pixels(sheet), "图片"):
        if isinstance(part, Passage):
            folded = fold(part.text)
            for hit in hits(part):
                written = "".join(char for char in folded[hit.start : hit.end] if char.isalnum())
                found.add((hit.kind, written.upper()))
        elif isinstance(part, Remark):
            told = True
    return found, told


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="one font only")
    faces = ["Song"] if parser.parse_args().quick else list(FACES)
    rng = random.Random(20210701)
    right: Counter[tuple[object, ...]] = Counter()
    planted: Counter[tuple[object, ...]] = Counter()
    silent: Counter[tuple[object, ...]] = Counter()
    for damage, change in DAMAGES.items():
        note(damage)
        for face in faces:
            for points in SIZES:
                for resolution in RESOLUTIONS:
                    wanted = list(numbers(rng))
                    found, told = read(
                        change(page([line for _, _, line in wanted], face, points, resolution))
                    )
                    for kind, number, _ in wanted:
                        hit = (kind, number) in found
                        for key in ((damage, points, resolution), (damage, kind), (damage,), (kind,)):
                            planted[key] += 1
                            right[key] += hit
                            silent[key] += not hit and not told
    table(
        "Numbers read, by damage, size and resolution",
        [
            "",
            *(f"{points:g} pt, {resolution} dpi" for points in SIZES for resolution in RESOLUTIONS),
            "all",
            "missed, not told",
        ],
        [
            [
                damage,
                *(
                    _share(right, planted, (damage, points, resolution))
                    for points in SIZES
                    for resolution in RESOLUTIONS
                ),
                _share(right, planted, (damage,)),
                f"{silent[damage,]} of {planted[damage,]}",
            ]
            for damage in DAMAGES
        ],
    )
    table(
        "Numbers read, by kind",
        ["kind", "planted", "read"],
        [
            [str(kind), planted[kind,], _share(right, planted, (kind,))]
            for kind in (Kind.RESIDENT_ID, Kind.MOBILE_NUMBER, Kind.BANK_CARD)
        ],
    )
    _lone(rng)


def _lone(rng: random.Random) -> None:
    """One id alone on a page of A4: the detector may miss what it would see in company."""
    rows = []
    for resolution in RESOLUTIONS:
        row: list[object] = [f"{resolution} dpi"]
        for points in SIZES:
            seen = 0
            for _ in range(_LONE):
                kind, number, line = next(numbers(rng))
                sheet = Image.new("L", (round(8.27 * resolution), round(11.69 * resolution)), 255)
                sheet.paste(page([line], "Song", points, resolution), (0, rng.randrange(9 * resolution)))
                seen += (kind, number) in read(sheet)[0]
            row.append(f"{seen} of {_LONE}")
        rows.append(row)
    table("A lone id on a page of A4", ["", *(f"{points:g} pt" for points in SIZES)], rows)


def _share(
    right: Counter[tuple[object, ...]], planted: Counter[tuple[object, ...]], key: tuple[object, ...]
) -> str:
    return f"{100 * right[key] / planted[key]:.1f} %"


if __name__ == "__main__":
    main()

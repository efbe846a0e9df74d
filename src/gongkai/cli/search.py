"""gongkai search: the index of the public site."""

import time
from pathlib import Path

import click

from gongkai.cli import frame


@click.group()
def search() -> None:
    """The search index."""


@search.command()
@frame.HOME
@frame.plain
def rebuild(home: Path) -> None:
    """Make the index anew beside the running server; searches and releases go on meanwhile."""
    frame.start_existing(home)
    from gongkai.search import follow, index

    begun = time.monotonic()

    def say(done: int, total: int) -> None:
        taken = time.monotonic() - begun
        rate = done / taken if taken else 0.0
        left = (total - done) / rate if rate else 0.0
        share = 100 * done / total if total else 100.0
        click.echo(f"{share:5.1f} %　{done:,} / {total:,} 件　每秒 {rate:,.0f} 件　约剩 {left:,.0f} 秒")

    try:
        count = follow.rebuild(say)
    except index.IndexBusy:
        frame.fail("另一个程序正在重建或写入索引，未作改动。请稍后再运行。", 1)
    click.echo(f"检索索引已重建：{count:,} 件，用时 {time.monotonic() - begun:,.1f} 秒。")

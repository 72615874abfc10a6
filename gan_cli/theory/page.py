"""One page of HTML with everything that the theory shows: statements, pictures and numbers."""

import base64
import html
import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from gan_cli.theory.findings.base import Expected, Findings, number
from gan_cli.theory.notation import typeset

STYLE = """
body { font: 17px/1.5 Georgia, serif; color: #222; max-width: 62rem; margin: 2rem auto;
  padding: 0 1rem }
h1, h2 { font-weight: normal; line-height: 1.2 }
h2 { margin-top: 3rem; border-top: 1px solid #ccc; padding-top: 1rem }
code, pre { font: 13px/1.4 Menlo, Consolas, monospace }
pre { overflow-x: auto; background: #f7f7f5; padding: .8rem }
table { border-collapse: collapse; width: 100%; font-size: 15px }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #ddd;
  vertical-align: top }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
li span { color: #555; font-size: 15px }
td.off, li span.off { color: #b00020; font-weight: bold }
figure { margin: 1.5rem 0 }
@media screen { figure { position: relative; left: 50%; width: min(94vw, 118rem); margin-left: 0;
  transform: translateX(-50%) } }
img { display: block; margin: auto; max-width: 100%; height: auto }
figcaption { font-size: 15px; color: #555; max-width: 62rem; margin: .4rem auto }
@media print { h2 { break-before: page } pre { white-space: pre-wrap } }
"""

INTRODUCTION = (
    "Every number and picture of this page was computed by the command that stands above it. G is "
    "the generator and D the discriminator, p_g and p_data are the densities of G's samples and "
    "of the data. Divergences are in nats."
)

NUMBERS = "Every number that the theory gives, beside what was found"

TRIAL = (
    "Networks were trained for a few steps alone (--quick), so some of what they found is far from "
    "what the theory gives. That is marked in red."
)


class Section(NamedTuple):
    """What one command of the course found.

    name: the command's name.
    commands: what is typed to have the same, a line each.
    paragraphs: what it shows, one text a paragraph.
    found: its findings.
    """

    name: str
    commands: Sequence[str]
    paragraphs: Sequence[str]
    found: Findings


def page(sections: Sequence[Section], missing: Sequence[str] = (), *, quick: bool = False) -> str:
    """The page for the sections that are there.

    Args:
        sections: in the order of the course.
        missing: the names of the commands that have not run.
        quick: whether networks were trained for a few steps alone.
    """
    told = [f"<p>{typeset(INTRODUCTION)}</p>"]
    if quick:
        told.append(f"<p><b>A trial.</b> {html.escape(TRIAL)}</p>")
    if missing:
        told.append(f"<p><b>Not finished.</b> Missing: {html.escape(', '.join(missing))}.</p>")
    body = [
        "<h1>The theory of generative adversarial networks, run</h1>",
        *told,
        f"<ol>{''.join(map(_link, sections))}</ol>",
        f'<p><a href="#numbers">{NUMBERS}</a></p>',
        *(_section(each) for each in sections),
        f"<h2>{NUMBERS}</h2>",
        _numbers(sections),
    ]
    head = f'<meta charset="utf-8"><title>The theory of GANs, run</title><style>{STYLE}</style>'
    return (
        f'<!doctype html>\n<html lang="en"><head>{head}</head><body>\n'
        + "\n".join(body)
        + "\n</body></html>\n"
    )


def agreement(rows: Sequence[Expected]) -> str:
    """How many of the numbers that the theory gives came out."""
    if not rows:
        return "no number is known beforehand"
    held = sum(each.holds for each in rows)
    return f"{held} of {len(rows)} number{'s' * (len(rows) > 1)} as expected"


def _link(section: Section) -> str:
    """A line of the contents, with how many of the section's numbers are as expected."""
    rows = section.found.expected
    off = "" if all(each.holds for each in rows) else " class=off"
    count = f"<span{off}>{agreement(rows)}</span>"
    shows = typeset(section.paragraphs[0])
    return f'<li><a href="#{section.name}">{shows}</a> {count}</li>'


def _numbers(sections: Iterable[Section]) -> str:
    """The table of statements with what was expected and what was found."""
    heads = ("command", "statement", "expected", "found", "error", "allowed error")
    cells = "".join(
        f"<th{' class=number' if head in heads[2:] else ''}>{head}</th>" for head in heads
    )
    rows = "".join(_row(each.name, one) for each in sections for one in each.found.expected)
    return f"<table id=numbers><thead><tr>{cells}</tr></thead><tbody>{rows}</tbody></table>"


def _row(name: str, one: Expected) -> str:
    relation = {"=": "", "<=": "at most ", ">=": "at least "}[one.relation]
    numbers = (
        f"{relation}{number((one.expected, 0.0))}",
        number((one.found[0], 0.0)),
        "" if relation and not one.error else _brief(one.error),
        "" if relation and not one.within else _brief(one.within),
    )
    off = "" if one.holds else " off"
    return (
        f'<tr><td><a href="#{name}">{name}</a></td><td>{typeset(one.statement)}</td>'
        + "".join(f'<td class="number{off}">{html.escape(cell)}</td>' for cell in numbers)
        + "</tr>"
    )


def _brief(error: float) -> str:
    return f"{error:.1e}" if error and math.isfinite(error) else f"{error:g}"


def _section(section: Section) -> str:
    found, printed = section.found, html.escape("\n".join(section.found.lines))
    figures = (
        _figure(name, picture, found.captions.get(name, ""))
        for name, picture in found.pictures.items()
    )
    return "\n".join(
        [
            f'<h2 id="{section.name}">{typeset(section.paragraphs[0])}</h2>',
            f"<p><code>{'<br>'.join(map(html.escape, section.commands))}</code></p>",
            *(f"<p>{typeset(each)}</p>" for each in section.paragraphs[1:]),
            *figures,
            f"<details open><summary>What it printed</summary><pre>{printed}</pre></details>",
        ]
    )


def _figure(name: str, picture: bytes, caption: str) -> str:
    kind = "svg+xml" if name.endswith(".svg") else name.rpartition(".")[2]
    data = base64.b64encode(picture).decode()
    shown = html.escape(caption or name)
    return (
        f'<figure><img src="data:image/{kind};base64,{data}" alt="{shown}">'
        f"<figcaption>{typeset(caption or name)}</figcaption></figure>"
    )

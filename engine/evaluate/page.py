"""The report as one HTML file that needs no other: a radar, bars with their intervals, tables, contact sheets inside.

Everything that came from outside is escaped. No script, nothing is fetched.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Final

from engine import radar
from engine.evaluate.cases import Figure
from engine.evaluate.comparing import Difference
from engine.evaluate.findings import Findings
from engine.evaluate.videoverse.dimensions import CATEGORIES

_STYLE: Final = """
:root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;max-width:66rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%;margin:1rem 0}th,td{text-align:left;padding:.25rem .6rem;vertical-align:top;
border-bottom:1px solid color-mix(in srgb,currentColor 20%,transparent)}td.n{text-align:right;white-space:nowrap;
font-variant-numeric:tabular-nums}img{max-width:100%}svg text{fill:currentColor;font:12px system-ui,sans-serif}
.b0{fill:#3a7d5a}.b1{fill:#c07a2c}.b2{fill:#5b6fae}.b3{fill:#9a5a86}.i{stroke:currentColor;stroke-width:1.5}.series-0{--s:#3a7d5a}.series-1{--s:#c07a2c}.series-2{--s:#5b6fae}.series-3{--s:#9a5a86}
.radar{display:block;max-width:36rem;margin:auto}.ring{fill:none;stroke:currentColor;stroke-opacity:.2}.band{fill:var(--s);fill-opacity:.16}
.shape{fill:none;stroke:var(--s);stroke-width:2}.series-1.shape{stroke-dasharray:5 3}.dot{fill:var(--s)}
code{font-size:.85em;overflow-wrap:anywhere}
"""
_ROWS: Final = 300
"""Videos that the page lists; the CSV has them all."""
_ROW, _LABEL, _BAR = 15, 360, 420


def as_html(findings: Findings, sheets: Sequence[bytes]) -> bytes:
    """The whole page, UTF-8. sheets: PNG."""
    return whole(findings.title, "".join(_body(findings, sheets)))


def whole(named: str, body: str) -> bytes:
    """A page around its body, UTF-8: nothing in it is fetched. body: HTML."""
    title = escape(named)
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
    policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    head += f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    page = f'<!doctype html><html lang="en"><head>{head}<title>{title}</title><style>{_STYLE}</style></head>'
    return f"{page}<body><h1>{title}</h1>{body}</body></html>\n".encode(errors="backslashreplace")


def drawn(systems: Mapping[str, Mapping[str, Figure]]) -> str:
    """A radar of the shares that all systems have, where there are enough of them, and the bars of every one."""
    shares = {
        system: {name: one for name, one in each.items() if _is_share(one) and name not in CATEGORIES}
        for system, each in systems.items()
    }
    return radar.radar([*shares.items()]) + bars(systems)


def sheet(data: bytes) -> str:
    """A contact sheet as part of a page. data: PNG."""
    return f'<h2>Contact sheet</h2><img alt="" src="data:image/png;base64,{base64.b64encode(data).decode()}">'


def bars(systems: Mapping[str, Mapping[str, Figure]]) -> str:
    """Shares from 0 to 1 as bars with their intervals, a bar a system; other figures are left to the table."""
    names = list(dict.fromkeys(name for each in systems.values() for name in each))
    shown = [name for name in names if all(_is_share(each[name]) for each in systems.values() if name in each)]
    if not shown:
        return ""
    parts, top = [], 0
    for name in shown:
        mine = [(place, each[name]) for place, each in enumerate(systems.values()) if name in each]
        middle = top + _ROW * len(mine) / 2 + 4
        parts.append(f'<text x="{_LABEL - 8}" y="{middle:.1f}" text-anchor="end">{escape(name)}</text>')
        for place, figure in mine:
            parts.append(_bar(figure, top, _ROW - 2, f"b{place % 4}"))
            top += _ROW
        top += _ROW // 2
    label = escape(f"Means with 95 % intervals: {', '.join(shown)}")
    size = f'viewBox="0 0 {_LABEL + _BAR + 60} {top}" width="100%"'
    drawn = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{label}">{"".join(parts)}</svg>'
    return f"{_legend(list(systems))}{drawn}"


def table(systems: Mapping[str, Mapping[str, Figure]], between: Mapping[str, Difference]) -> str:
    """Every figure with its interval and number; and the difference of two systems."""
    heads = "".join(f"<th>{escape(name)}</th><th>n</th>" for name in systems)
    heads += "<th>second less first</th><th></th>" if between else ""
    names = dict.fromkeys(name for each in systems.values() for name in each)
    rows = "".join(f"<tr><td>{escape(name)}</td>{_cells(name, systems, between)}</tr>" for name in names)
    return f"<table><tr><th>figure</th>{heads}</tr>{rows}</table>"


def _body(findings: Findings, sheets: Sequence[bytes]) -> Iterator[str]:
    failed = [record for record in findings.records if record.failure]
    count = len(findings.records)
    yield f"<p><code>{escape(findings.command)}</code></p><p>{count} rows"
    yield f", {len(failed)} of which could not be measured.</p>" if failed else ".</p>"
    yield f"<h2>Figures</h2>{drawn(findings.systems)}{table(findings.systems, findings.between)}"
    yield "<p>Mean and 95 % bootstrap interval over videos. A figure that is not taken with the published features "
    yield "carries the name of those that it was taken with, and is not to be held against published ones.</p>"
    if findings.missing:
        rows = "".join(f"<li>{escape(name)}: {escape(why)}</li>" for name, why in findings.missing.items())
        yield f"<h2>Not measured</h2><ul>{rows}</ul>"
    if failed:
        rows = "".join(f"<li>{escape(one.name)} ({one.measure}): {escape(one.failure)}</li>" for one in failed[:_ROWS])
        yield f"<h2>Videos that could not be measured</h2><ul>{rows}</ul>"
    yield from map(sheet, sheets)
    yield f"<h2>Videos</h2>{_listed(findings)}"
    weights = "".join(f"<tr><td>{escape(a)}</td><td><code>{escape(b)}</code></td></tr>" for a, b in _facts(findings))
    yield f"<h2>What was measured with</h2><table>{weights}</table>"


def _legend(names: Sequence[str]) -> str:
    """Which colour is whose, where there is more than one."""
    if len(names) < 2:
        return ""
    swatch = '<svg width="12" height="12" aria-hidden="true"><rect class="b{}" width="12" height="12" rx="2"/></svg> {}'
    return f"<p>{' &nbsp; '.join(swatch.format(place % 4, escape(name)) for place, name in enumerate(names))}</p>"


def _facts(findings: Findings) -> list[tuple[str, str]]:
    return sorted(findings.identity.items())


def _listed(findings: Findings) -> str:
    names = list(dict.fromkeys(name for record in findings.records for name in record.row))
    if not names:
        return "<p>None.</p>"
    rows = []
    for record in [one for one in findings.records if not one.failure][:_ROWS]:
        values = (f"{record.row[name]:.4g}" if name in record.row else "" for name in names)
        cells = "".join(f'<td class="n">{value}</td>' for value in values)
        rows.append(f"<tr><td>{escape(record.name)}</td><td>{escape(record.measure)}</td>{cells}</tr>")
    heads = "".join(f"<th>{escape(name)}</th>" for name in names)
    return f'<div style="overflow-x:auto"><table><tr><th>video</th><th></th>{heads}</tr>{"".join(rows)}</table></div>'


def _cells(name: str, systems: Mapping[str, Mapping[str, Figure]], between: Mapping[str, Difference]) -> str:
    cells = ""
    for each in systems.values():
        figure = each.get(name)
        told, count = (_told(figure), figure.cases) if figure else ("", 0)
        cells += f'<td class="n">{told}</td><td class="n">{count}</td>'
    if between:
        one = between.get(name)
        cells += f'<td class="n">{_told(one.figure)}</td><td>{escape(one.says)}</td>' if one else "<td></td><td></td>"
    return cells


def _told(figure: Figure) -> str:
    return f"{figure.mean:.4g} ({figure.low:.4g} to {figure.high:.4g})"


def _is_share(figure: Figure) -> bool:
    return figure.low >= 0 and figure.high <= 1


def _bar(figure: Figure, top: float, height: float, kind: str) -> str:
    middle = top + height / 2
    low, high = (_LABEL + _BAR * value for value in (figure.low, figure.high))
    width = _BAR * figure.mean
    bar = f'<rect class="{kind}" x="{_LABEL}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}" rx="2"/>'
    line = f'<line class="i" x1="{low:.1f}" x2="{high:.1f}" y1="{middle:.1f}" y2="{middle:.1f}"/>'
    return f'{bar}{line}<text x="{_LABEL + _BAR + 8}" y="{middle + 4:.1f}">{figure.mean:.3f}</text>'

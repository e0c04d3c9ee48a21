"""Sheets that differ in how their headings are set: in bars, frames, rules, signs and numbers."""

# ruff: noqa: E501 - a heading is one template; parted, it would read worse

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.corpora.cv_dev.sheet import BOLD, Sheet, _lines, lit, show
from tests.corpora.cv_dev.styles import Style

Dress = Callable[[str, str, int], str]
"""Words of a heading, the colour of the sheet and the number of the section to Typst."""


def _bar(fill: str, ink: str, more: str = "width: 100%, inset: 4pt") -> Dress:
    return lambda text, colour, _: (
        f"#block(fill: {fill.replace('INK', colour)}, {more})[{show(text, fill=ink.replace('INK', colour), **BOLD)}]"
    )


def _frame(stroke: str, more: str = "width: 100%, inset: 4pt") -> Dress:
    return lambda text, colour, _: (
        f"#block(stroke: {stroke.replace('INK', colour)}, {more})[{show(text, fill=colour, **BOLD)}]"
    )


def _numbered(form: str, number: int, **words: str) -> str:
    roman = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"][number - 1]
    return form.format(n=number, roman=roman, letter="ABCDEFGHIJ"[number - 1], **words)


def _words(form: str, **options: str) -> Dress:
    def dress(text: str, colour: str, number: int) -> str:
        words = _numbered(form, number, text=text, upper=text.upper())
        return show(words, **{"fill": colour, **BOLD, **options})

    return dress


def _drawn(form: str, **options: str) -> Dress:
    def dress(text: str, colour: str, number: int) -> str:
        shown = show(text, **{"fill": colour, **BOLD, **options})
        upper = show(text.upper(), **{"fill": colour, **BOLD, **options})
        return form.replace("TEXT", shown).replace("UPPER", upper).replace("INK", colour).replace("NUMBER", str(number))  # fmt: skip

    return dress


_RULE = "line(length: 100%, stroke: 0.8pt + INK)"
_LINE = "box(width: 1fr, height: 0.6em, align(horizon, line(length: 100%, stroke: 0.8pt + INK)))"
_FIT = "inset: (x: 7pt, y: 4pt)"
HEADS: dict[str, Dress] = {
    # type alone
    "bold": _words("{text}"),
    "large": _words("{text}", weight='"regular"', size="1.35em"),
    "capitals": _words("{upper}"),
    "tracked": _words("{upper}", tracking="3pt", weight='"regular"'),
    "underlined": _drawn("#underline[TEXT]"),
    "italic": _words("{text}", style='"italic"', size="1.2em"),
    "pale": _words("{upper}", fill="luma(150)", size="1.2em"),
    "colon": _words("{text} :"),
    "centred": _drawn("#align(center)[UPPER]"),
    "right": _drawn("#align(right)[TEXT]", size="1.2em"),
    # bars
    "bar_dark": _bar("INK", "white"),
    "bar_black": _bar("luma(25)", "white"),
    "bar_grey": _bar("luma(120)", "white"),
    "bar_tint": _bar("INK.lighten(80%)", "INK"),
    "bar_pale": _bar("luma(225)", "black"),
    "bar_centred": _drawn("#block(fill: INK, width: 100%, inset: 4pt)[#align(center)[UPPER]]", fill="white"),
    "bar_thin": _bar("INK", "white", "width: 100%, inset: (x: 4pt, y: 1.5pt)"),
    "bar_high": _bar("INK", "white", "width: 100%, inset: (x: 10pt, y: 9pt)"),
    "bar_round": _bar("INK", "white", "width: 100%, inset: 5pt, radius: 8pt"),
    "bar_edge": _drawn("#block(fill: luma(235), stroke: (left: 5pt + INK), width: 100%, inset: 5pt)[TEXT]"),
    "bar_fades": _drawn("#block(fill: gradient.linear(INK, white), width: 100%, inset: 5pt)[TEXT]", fill="white"),
    "bar_shadow": _drawn("#block(fill: luma(190), inset: (bottom: 2pt, right: 2pt))[#block(fill: INK, width: 100%, inset: 5pt)[TEXT]]", fill="white"),
    # boxes as wide as their words
    "box_dark": _bar("INK", "white", _FIT),
    "box_tint": _bar("INK.lighten(75%)", "INK", _FIT),
    "pill": _bar("INK", "white", "inset: (x: 10pt, y: 4pt), radius: 12pt"),
    "pill_tint": _bar("INK.lighten(75%)", "INK", "inset: (x: 10pt, y: 4pt), radius: 12pt"),
    "box_rule": _drawn(f"#box(fill: INK, {_FIT})[TEXT]#box(width: 1fr, line(length: 100%, stroke: 1pt + INK))", fill="white"),
    "box_centred": _drawn(f"#align(center)[#box(fill: INK, {_FIT})[UPPER]]", fill="white"),
    "box_under": _drawn(f"#stack(box(fill: INK, {_FIT})[TEXT], {_RULE})", fill="white"),
    "tab": _drawn("#block(stroke: (bottom: 2pt + INK), width: 100%)[#box(fill: INK, inset: (x: 8pt, y: 5pt), radius: (top: 5pt))[TEXT]]", fill="white"),
    "arrow": _drawn("#block(width: 100%, height: 1.7em)[#place(polygon(fill: INK, (0pt, 0pt), (62mm, 0pt), (68mm, 0.85em), (62mm, 1.7em), (0pt, 1.7em)))#place(dx: 6pt, dy: 0.45em)[TEXT]]", fill="white"),
    "ribbon": _drawn("#block(width: 100%, height: 1.7em)[#place(polygon(fill: INK, (0pt, 0pt), (72mm, 0pt), (68mm, 0.85em), (72mm, 1.7em), (0pt, 1.7em)))#place(dx: 6pt, dy: 0.45em)[UPPER]]", fill="white"),
    "slanted": _drawn("#block(width: 100%, height: 1.7em)[#place(polygon(fill: INK, (4mm, 0pt), (78mm, 0pt), (74mm, 1.7em), (0pt, 1.7em)))#place(dx: 6mm, dy: 0.45em)[TEXT]]", fill="white"),
    # frames
    "frame": _frame("0.7pt + INK"),
    "frame_thick": _frame("2.2pt + INK"),
    "frame_round": _frame("0.8pt + INK", "width: 100%, inset: 5pt, radius: 7pt"),
    "frame_fit": _frame("0.8pt + INK", _FIT),
    "frame_tight": _frame("0.8pt + INK", "inset: 2.5pt"),
    "frame_pill": _frame("1pt + INK", "inset: (x: 10pt, y: 4pt), radius: 12pt"),
    "frame_double": _drawn("#block(stroke: 0.6pt + INK, inset: 2pt)[#block(stroke: 0.6pt + INK, width: 100%, inset: 4pt)[UPPER]]"),
    "frame_filled": _drawn("#block(stroke: 1pt + INK, fill: luma(235), width: 100%, inset: 4pt)[UPPER]"),
    "frame_centred": _drawn("#align(center)[#box(stroke: 0.8pt + INK, inset: 5pt)[UPPER]]"),
    "frame_open": _drawn("#block(stroke: (left: 1.2pt + INK, bottom: 1.2pt + INK), inset: 4pt, width: 70%)[TEXT]"),
    # rules
    "rule_below": _drawn(f"#stack(spacing: 3pt, [TEXT], {_RULE})"),
    "rule_above": _drawn(f"#stack(spacing: 4pt, {_RULE}, [TEXT])"),
    "rules": _drawn(f"#stack(spacing: 4pt, {_RULE}, [UPPER], {_RULE})"),
    "rule_beside": _drawn(f"TEXT #h(4pt) #{_LINE}"),
    "rule_before": _drawn(f"#{_LINE} #h(4pt) TEXT"),
    "rules_beside": _drawn(f"#{_LINE} #h(6pt) UPPER #h(6pt) #{_LINE}"),
    "rule_short": _drawn("#stack(spacing: 4pt, [TEXT], line(length: 18mm, stroke: 2.5pt + INK))"),
    "rule_dotted": _drawn('#stack(spacing: 4pt, [TEXT], line(length: 100%, stroke: (paint: INK, thickness: 1pt, dash: "dotted")))'),
    "rule_double": _drawn(f"#stack(spacing: 2.5pt, [UPPER], {_RULE}, {_RULE})"),
    "side_bar": _drawn("#block(stroke: (left: 4pt + INK), inset: (left: 6pt, y: 1pt))[TEXT]"),
    "block_before": _drawn("#box(width: 18mm, height: 0.7em, fill: INK) #h(5pt) TEXT"),
    # signs
    "numbered": _words("{n}. {text}"),
    "two_figures": _words("0{n} {text}"),
    "roman": _words("{roman}. {text}"),
    "lettered": _words("{letter}) {text}"),
    "dashes": _words("— {text} —"),
    "brackets": _words("[ {text} ]"),
    "slashes": _words("// {text}"),
    "code": _words("<{text} />"),
    "hash": _words("# {text}"),
    "arrows": _words("» {text}"),
    "triangle": _words("▶ {text}"),
    "square": _words("■ {text}"),
    "spot": _words("• {text}"),
    "diamonds": _words("◆ {upper} ◆"),
    "stars": _words("*** {upper} ***"),
    "equals": _words("=== {text} ==="),
    "tildes": _words("~ {text} ~"),
    "upright": _words("| {text}"),
    "leaders": _drawn("TEXT #box(width: 1fr, repeat[.])"),
    "circle_before": _drawn("#box(baseline: 20%, circle(radius: 5pt, fill: INK)) #h(4pt) TEXT"),
    "ring_before": _drawn("#box(baseline: 20%, circle(radius: 5pt, stroke: 1.2pt + INK)) #h(4pt) UPPER"),
    "icon_before": _drawn("#box(baseline: 25%, circle(radius: 8pt, fill: INK, inset: 0pt)[#align(center + horizon)[#text(fill: white, size: 8pt)[✓]]]) #h(5pt) TEXT"),
    "number_ball": _drawn("#box(baseline: 25%, circle(radius: 8pt, fill: INK, inset: 0pt)[#align(center + horizon)[#text(fill: white, size: 8pt)[NUMBER]]]) #h(5pt) TEXT"),
    "square_before": _drawn("#box(width: 8pt, height: 8pt, fill: INK) #h(4pt) TEXT"),
}  # fmt: skip
NUMBERS = {
    "numbered": "{n}. ",
    "two_figures": "0{n} ",
    "roman": "{roman}. ",
    "lettered": "{letter}) ",
}
"""What is printed before the words of a heading and stands in its label."""
INKS = ('rgb("#1f3a5f")', "luma(30)", 'rgb("#2e7d32")', 'rgb("#b71c1c")', 'rgb("#6a4c93")',
        'rgb("#00838f")', 'rgb("#d2691e")')  # fmt: skip
FACES = ("Roboto", "DejaVu Sans", "Libertinus Serif", "New Computer Modern", "STIXGeneral",
         "DejaVu Serif")  # fmt: skip
GROUNDS = ("white", "white", "white", 'rgb("#faf6ee")', "luma(240)")
TOPS = ("left", "centred", "band", "beside")
WAYS = ("dates_right", "dates_left", "dates_below", "themes_first")


@dataclass(frozen=True)
class Dressing:
    """What one sheet looks like."""

    head: str
    face: str = "Roboto"
    ink: str = INKS[0]
    ground: str = "white"
    top: str = "left"
    way: str = "dates_right"
    size: float = 10.0


def dressings(turns: int = 1) -> list[Dressing]:
    """Returns each way of setting headings so often, the rest drawn at random but repeatably."""
    found = []
    for turn in range(turns):
        for number, head in enumerate(HEADS):
            random = Random(1000 * turn + number)
            found.append(
                Dressing(
                    head, random.choice(FACES), random.choice(INKS), random.choice(GROUNDS),
                    random.choice(TOPS), random.choice(WAYS), random.choice((9.5, 10.0, 10.5, 11.0)),
                )
            )  # fmt: skip
    return found


class HeadSheet(Sheet):
    """A sheet whose headings are all dressed in one way."""

    def __init__(self, person: dict[str, Any], style: Style, look: Dressing) -> None:
        super().__init__(person, style)
        self.look = look

    def section(self, kind: str, body: str) -> str:
        """A heading and what stands under it."""
        words = self.style.heading(kind)
        number = len(self.sections) + 1
        self.sections.append((kind, _numbered(NUMBERS.get(self.look.head, ""), number) + words))
        head = HEADS[self.look.head](words, self.look.ink, number)
        return f"#block(above: 14pt, below: 8pt, sticky: true)[{head}]\n\n{body}"

    def source(self) -> str:
        """The sheet in Typst."""
        look = self.look
        lists = {
            "language": self.languages, "certification": lambda: self.items("certifications"),
            "interest": lambda: self.items("interests"), "skill_soft": lambda: self.items("soft"),
        }  # fmt: skip
        parts = [self.section("summary", show(self.person["summary"]))]
        skills = lambda: self.section("skill_hard", self.skills())  # noqa: E731
        if look.way == "themes_first":
            parts.append(skills())
        parts.append(self.section("experience", self._jobs()))
        parts.append(self.section("education", self._degrees()))
        if look.way != "themes_first":
            parts.append(skills())
        parts += [self.section(kind, make()) for kind, make in lists.items()]
        body = "\n\n".join([self._top(), *parts])
        return (
            f'#set page(paper: "a4", margin: 18mm, fill: {look.ground})\n'
            f"#set text(font: {lit(look.face)}, size: {look.size}pt)\n"
            f"#set par(leading: 0.55em, spacing: 0.8em)\n{body}\n"
        )

    def _top(self) -> str:
        name, title = self.name(**BOLD, size="20pt"), show(self.person["title"], size="12pt")
        contacts = show("  |  ".join(self.contacts()), size="9pt")
        if self.look.top == "centred":
            return f"#align(center)[{name} \\\n{title} \\\n{contacts}]"
        if self.look.top == "band":
            return f"#block(fill: {self.look.ink}, width: 100%, inset: 10pt)[#set text(fill: white)\n{name} \\\n{title} \\\n{contacts}]"
        if self.look.top == "beside":
            lines = " \\\n".join(show(line, size="9pt") for line in self.contacts())
            return f"#grid(columns: (1fr, auto), [{name} \\\n{title}], [#align(right)[{lines}]])"
        return f"{name} \\\n{title} \\\n{contacts}"

    def _jobs(self) -> str:
        return "\n\n".join(
            self._entry(
                self.period(job), job["title"], job["employer"], job["city"], self.missions(job)
            )
            for job in self.person["jobs"]
        )

    def _degrees(self) -> str:
        return "\n\n".join(
            self._entry(str(d["year"]), d["degree"], d["school"], d["city"])
            for d in self.person["degrees"]
        )

    def _entry(self, dates: str, what: str, where: str, town: str, below: str = "") -> str:
        more = f"\n\n{below}" if below else ""
        if self.look.way == "dates_left":
            work = f"{show(what, **BOLD)} \\\n{show(f'{where}, {town}')}{more}"
            return f"#grid(columns: (40mm, 1fr), [{show(dates)}], [{work}])"
        if self.look.way == "dates_below":
            return _lines(
                [
                    f"{show(what, **BOLD)} \\\n{show(f'{where} – {town}')} \\\n{show(dates, fill='luma(100)')}{more}"
                ]
            )
        if self.look.way == "themes_first":
            return f"{show(dates)} : {show(what, **BOLD)}, {show(f'{where}, {town}')}{more}"
        return f"{show(what, **BOLD)}, {show(f'{where}, {town}')} #h(1fr) {show(dates)}{more}"

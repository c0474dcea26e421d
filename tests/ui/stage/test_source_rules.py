"""No bare string to a widget, no markup, no colour as a literal, anywhere in the user interface."""

from __future__ import annotations

from pathlib import Path

import pytest

import hawkmoth_tui.ui
from tests.ui.stage.source_rules import findings

UI = Path(hawkmoth_tui.ui.__file__).parent


def test_the_user_interface_keeps_the_rules() -> None:
    assert [str(finding) for finding in findings(UI)] == []


@pytest.mark.parametrize(
    "source",
    [
        "def f(x: str): return Static(x)",
        "def f(x: str): return Label(f'{x}!')",
        "def f(x): y = str(x); return Static(y)",
        "def f(w, x: str): w.update(x)",
        "def f(w, x): w.update('a ' + str(x))",
        "def f(self, x: str): self.border_title = x",
        "def f(app, x): app.notify(x)",
        "def f(self, keys): self.border_subtitle = ' · '.join(keys)",
        "NAME = 'x'\ndef f(self, x: str): self.border_title = f'{NAME} {x}'",
        "def f(app, x): app.notify(str(x), markup=False)",
        "def f(app, x): app.notify(visible(x))",
        "def f(x): return Static('a', markup=True)",
        "def f(x: str): return Content.from_markup(x)",
        "from textual.widgets import Markdown",
        "from rich.text import Text",
        "COLOUR = '#ff8800'",
        "def f(x): return plain(x, 'bold red')",
        "def f(x): return Style(color='red')",
        "class W: DEFAULT_CSS = 'W {\\n color: red;\\n}'",
        "class W: DEFAULT_CSS = 'W {\\n border: solid #123;\\n}'",
    ],
)
def test_a_broken_rule_is_found(tmp_path: Path, source: str) -> None:
    (tmp_path / "module.py").write_text(source)

    assert len(findings(tmp_path)) >= 1


@pytest.mark.parametrize(
    "source",
    [
        "def f(x: str): return Static(plain(x))",
        "def f(x: Content): return Static(x)",
        "def f(x): y = plain(x); return Static(y)",
        "def g() -> Content: ...\ndef f(): return Static(g())",
        "def f(): return Static('fixed words')",
        "def f(w, x: str): w.update(plain(x, 'bold $primary'))",
        "def f(d, x): d.update({'a': x})",
        "def f(app, x): app.notify(one_line(x), markup=False)",
        "def f(self, x: str): self.border_title = plain(x)",
        "def f(x): return Static('a') if x else Static(plain(x) if x else '')",
        "class W: DEFAULT_CSS = 'W {\\n color: $primary;\\n background: transparent;\\n}'",
        "ANCHOR = 'issue #12'",
        "class Link: ...\ndef f(x: str): return Link(x)",
        "CLOSES = 'Esc closes'\ndef f(self): self.border_subtitle = f'q or {CLOSES}'",
    ],
)
def test_what_keeps_the_rules_is_left_alone(tmp_path: Path, source: str) -> None:
    (tmp_path / "module.py").write_text(source)

    assert [str(finding) for finding in findings(tmp_path)] == []

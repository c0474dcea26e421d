"""Opens an address in the user's browser, apart from our terminal: nothing that a browser writes or asks reaches the screen."""

from __future__ import annotations

import shutil
import subprocess
import webbrowser
from pathlib import PurePath

_IN_TERMINAL = frozenset({"www-browser", "links", "elinks", "lynx", "w3m"})
"""Browsers that would need the terminal for themselves."""


def open_address(target: str) -> bool:
    """Whether a browser was asked to show it. Blocks. `target` is http or https, as `links.link_to` lets it through."""
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return False
    name = getattr(browser, "name", "")
    if PurePath(name).name in _IN_TERMINAL:
        return False
    if isinstance(browser, webbrowser.GenericBrowser):
        command = [name, *(argument.replace("%s", target) for argument in browser.args)]
        return _started(command)
    return browser.open(target)


def _started(command: list[str]) -> bool:
    """Whether the program was started, in a session of its own and as nobody's child. The shell does not read the address."""
    if shutil.which(command[0]) is None:
        return False
    done = subprocess.run(  # noqa: S603  # the user's own browser
        ["/bin/sh", "-c", '"$@" &', "sh", *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        check=False,
    )
    return done.returncode == 0

"""Every key of the workstation, with the id by which `[keys]` can change it.

Four groups: keys that work everywhere, keys of the conversation screen, keys that follow Ctrl+X, and keys of the composer. A key runs
a slash command or an action of its screen; the help screen, the hints and the key map all read these tables. Keys of lists and
dialogues (arrows, Enter, Esc) are fixed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from textual.binding import Binding

from hawkmoth_tui.core.charmap import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Key(NamedTuple):
    """One thing that a key does."""

    id: str
    """Its name in `[keys]`."""
    keys: str
    """Textual key names, separated by commas: "ctrl+j,alt+enter"."""
    does: str
    """Help, a few words."""
    action: str
    """Action of the screen or widget that owns it."""
    hint: str = ""
    """One word for the hints; empty keeps it out of them."""

    def binding(self, *, has_priority: bool) -> Binding:
        """As Textual takes it."""
        return Binding(self.keys, self.action, self.does, show=False, priority=has_priority, id=self.id)


def _runs(name: str) -> str:
    return f"command('/{name}')"


APP = (
    Key("app.quit", "ctrl+q", "quit; everything is saved", "leave", "quit"),
    Key("app.redraw", "ctrl+l", "paint the screen again", "redraw"),
)
"""Keys that work everywhere."""

SCREEN = (
    Key("help.show", "f1", "keys and commands", _runs("help"), "help"),
    Key("model.pick", "f2", "choose a model", _runs("model"), "model"),
    Key("session.pick", "f3", "saved sessions", _runs("sessions"), "sessions"),
    Key("route.why", "f4", "why this route: every vote", _runs("why"), "why"),
    Key("cost.show", "f5", "costs, savings and speed, as charts", _runs("cost"), "cost"),
    Key("palette.show", "f8", "find any command by its words", _runs("palette"), "commands"),
    Key("leader", "ctrl+x", "first half of every other key", "leader", "more"),
    Key("turn.stop", "escape", "stop the answer", "escape"),
    Key("history.search", "ctrl+r", "search earlier prompts of all sessions", _runs("history")),
    Key("app.interrupt", "ctrl+c", "copy the selection, else clear the composer", "interrupt"),
    Key("app.leave", "ctrl+d", "quit when the composer is empty", "leave_if_empty"),
    Key("tab.next", "ctrl+pagedown", "next open session", _runs("tab next")),
    Key("tab.previous", "ctrl+pageup", "previous open session", _runs("tab previous")),
    Key("transcript.up", "pageup", "page back through the conversation", "page(-1)"),
    Key("transcript.down", "pagedown", "page forward", "page(1)"),
    Key("transcript.end", "ctrl+end", "to the newest answer", "newest"),
)
"""Keys of the conversation screen, in the order of the hints."""

SLOTS = tuple(Key(f"slot.{n}", f"alt+{n}", f"model slot {n} ([routing] slots)", f"slot({n})") for n in range(1, 10))
"""Keys that take a model of the user's own list, on the conversation screen."""

LEADER = (
    Key("session.new", "n", "new session", _runs("new"), "new"),
    Key("turn.retry", "r", "ask again", _runs("retry"), "retry"),
    Key("turn.continue", "c", "continue a cut answer", _runs("continue"), "continue"),
    Key("policy.pick", "p", "routing policy", "compose('/policy ')", "policy"),
    Key("session.rename", "t", "title of this session", "compose('/rename ')", "title"),
    Key("model.recent", "m", "next of the models used lately", _runs("recent"), "recent model"),
    Key("effort.next", "e", "how long reasoning models think", _runs("effort next"), "effort"),
    Key("leader.tab.next", "right", "next open session", _runs("tab next"), "next tab"),
    Key("leader.tab.previous", "left", "previous open session", _runs("tab previous"), "previous tab"),
    Key("tab.close", "w", "close this session's tab; it stays saved", _runs("tab close"), "close tab"),
    Key(
        "version.next", "full_stop", "next version of the last turn that has several", _runs("version next"), "version"
    ),
    Key("version.previous", "comma", "version before", _runs("version previous"), "version before"),
    Key("undo.last", "u", "take back what was done last in this session", _runs("undo"), "undo"),
    Key("transcript.read", "v", "read: move by block, fold, copy, find", "read", "read"),
    Key("transcript.find", "f", "find words in the conversation", "find", "find"),
    Key("copy.answer", "y", "copy the last answer", _runs("copy"), "copy"),
    Key("copy.save", "s", "save what was copied to a file", "save_copy", "save copy"),
    Key("file.attach", "a", "attach a file", "compose('/attach ')", "attach"),
    Key("composer.editor", "o", "open the text in your editor", _runs("editor"), "editor"),
    Key("turn.edit", "d", "change the last prompt and send it again", _runs("edit"), "edit"),
    Key("session.fork", "b", "go on from here in a new session", _runs("fork"), "fork"),
    Key("session.export", "x", "write this session to a file", _runs("export"), "export"),
    Key("answer.good", "plus", "this answer was good", _runs("good"), "good"),
    Key("answer.weak", "minus", "this answer was too weak", _runs("weak"), "too weak"),
    Key("answer.overkill", "equals_sign", "good, but a cheaper model would have done", _runs("overkill"), "overkill"),
    Key("answer.unrate", "0", "take back what you said of the answer", _runs("unrate"), "unrate"),
    Key("budget.lift", "dollar_sign", "send what the budget refused all the same, once", _runs("lift"), "over budget"),
    Key("turn.switch", "g", "give an answer that waits to the next candidate", _runs("switch"), "next model"),
    Key("switch.approve", "exclamation_mark", "send what waits for your yes to its price", _runs("approve"), "approve"),
    Key("switch.undo", "z", "take back the model that was asked for in words", _runs("unswitch"), "switch back"),
    Key("theme.pick", "l", "choose a theme", _runs("theme"), "look"),
    Key("keys.set", "k", "a key, for this run or for good", _runs("keys set"), "key"),
    Key("demo.open", "h", "leave for the demo", _runs("demo"), "demo"),
    Key("leader.quit", "q", "quit", _runs("quit"), "quit"),
    *(Key(f"model.slot.{n}", str(n), f"model slot {n}", f"slot({n})") for n in range(1, 10)),
)
"""Keys that follow the leader."""

COMPOSER = (
    Key("composer.send", "enter", "send", "send"),
    Key("composer.newline", "ctrl+j,alt+enter", "new line", "newline"),
    Key(
        "composer.complete",
        "tab",
        "take what is offered, else the previewed model, else move on",
        "complete",
    ),
    Key("composer.tray", "alt+up", "to attachments and queued prompts: Enter opens, Del removes", "tray"),
    Key("composer.undo", "ctrl+z", "undo what was typed or cleared", "undo"),
)
"""Keys of the composer; arrows, Home, End and the usual editing keys are the text area's own."""

WAITING = (
    Key("wait.keep", "w", "while an answer waits and nothing is written: wait on", "/wait"),
    Key("wait.switch", "s", "while an answer waits and nothing is written: take the next candidate", "/switch"),
)
"""Letters that are offered while an answer waits for a busy model, with the command each stands for."""

READING = (
    Key("read.next", "j,down", "reading: next block", "move(1)"),
    Key("read.previous", "k,up", "reading: block before", "move(-1)"),
    Key("read.next_turn", "J,right_square_bracket", "reading: next turn", "move_turn(1)"),
    Key("read.previous_turn", "K,left_square_bracket", "reading: turn before", "move_turn(-1)"),
    Key("read.fold", "space", "reading: fold or unfold the block", "fold"),
    Key("read.fold_turn", "z", "reading: fold or unfold the turn", "fold_turn"),
    Key("read.copy", "y", "reading: copy the block", "copy"),
    Key("read.copy_turn", "Y", "reading: copy the answer", "copy_turn"),
    Key("read.save", "s", "reading: save what was copied to a file", "screen.save_copy"),
    Key("read.find", "slash", "reading: find words", "screen.find"),
    Key("read.found_next", "n", "reading: next place that has them", "find_step(1)"),
    Key("read.found_previous", "N", "reading: place before", "find_step(-1)"),
    Key("read.links", "o", "reading: open a link", "links"),
    Key("read.version_next", "l,right", "reading: next version of the turn", "screen.command('/version next')"),
    Key("read.version_previous", "h,left", "reading: version before", "screen.command('/version previous')"),
    Key("read.edit", "e", "reading: change the turn's prompt and send it again", "screen.command('/edit')"),
    Key("read.retry", "r", "reading: ask the turn's prompt again", "screen.command('/retry')"),
    Key("read.undo", "u", "reading: take back what was done last", "screen.command('/undo')"),
    Key("read.good", "plus", "reading: this answer was good", "screen.command('/good')"),
    Key("read.weak", "minus", "reading: this answer was too weak", "screen.command('/weak')"),
    Key(
        "read.overkill",
        "equals_sign",
        "reading: good, but a cheaper model would have done",
        "screen.command('/overkill')",
    ),
    Key("read.unrate", "0", "reading: take back what you said of the answer", "screen.command('/unrate')"),
    Key("read.start", "g,home", "reading: first block", "to_start"),
    Key("read.end", "G,end", "reading: newest block", "to_end"),
    Key("read.line_up", "ctrl+up", "reading: scroll up a row", "line(-1)"),
    Key("read.line_down", "ctrl+down", "reading: scroll down a row", "line(1)"),
    Key("read.leave", "q,i", "reading: back to writing", "screen.write"),
)
"""Keys of the transcript while it has the focus; Esc leaves it too."""

GROUPS = (APP, SCREEN, SLOTS, LEADER, COMPOSER, WAITING, READING)
RIVALS = ((*APP, *SCREEN, *SLOTS, *COMPOSER), LEADER, WAITING, READING)
"""Keys that can be pressed at the same time: of two that want the same one, the first has it."""


def bindings(group: Iterable[Key], *, has_priority: bool = True) -> list[Binding]:
    """A group as a widget's BINDINGS. With priority no text area's own keys hide ours, but ours overtake the letters before them."""
    return [key.binding(has_priority=has_priority) for key in group]


def current_keys(key: Key, keymap: Mapping[str, str]) -> tuple[str, ...]:
    """The key names in force, after `[keys]`."""
    return tuple(name.strip() for name in keymap.get(key.id, key.keys).split(",") if name.strip())


def held_keys(key: Key, keymap: Mapping[str, str]) -> tuple[str, ...]:
    """The key names that this action answers to: those in force that no action before it has."""
    group = next(group for group in RIVALS if key in group)
    before = {name for other in group[: group.index(key)] for name in current_keys(other, keymap)}
    return tuple(name for name in current_keys(key, keymap) if name not in before)


def keys_of(key_id: str, keymap: Mapping[str, str]) -> tuple[str, ...]:
    """The key names in force of one action, as Textual writes them."""
    return current_keys(next(key for group in GROUPS for key in group if key.id == key_id), keymap)


def key_name(key_id: str, keymap: Mapping[str, str]) -> str:
    """The first key of an action as people write it, `Ctrl+X n` after the leader; empty when it has none."""
    key = next(key for group in GROUPS for key in group if key.id == key_id)
    names = held_keys(key, keymap)
    if not names:
        return ""
    return f"{key_name('leader', keymap)} {shown(names[0])}" if key in LEADER else shown(names[0])


def problems(keymap: Mapping[str, str]) -> tuple[str, ...]:
    """What is wrong with `[keys]`, one line each: ids that nothing has, names of no key, and keys that two actions want."""
    if not keymap:
        return ()
    known = {key.id for group in GROUPS for key in group}
    found = [_unknown(name, known) for name in keymap if name not in known]
    found += [
        f"[keys] {key.id}: {one_line(name, 40)} is no key; names are like f2, ctrl+x, alt+1, escape"
        for group in GROUPS
        for key in group
        if key.id in keymap
        for name in current_keys(key, keymap)
        if not _is_key(name)
    ]
    for group in RIVALS:
        owners: dict[str, str] = {}
        for key in group:
            for name in current_keys(key, keymap):
                if name in owners:
                    found.append(
                        f"[keys] {shown(name)} is wanted by both {owners[name]} and {key.id}; the first one has it"
                    )
                else:
                    owners[name] = key.id
    return tuple(found)


def shown(name: str) -> str:
    """A key name as people write it: `Ctrl+X`, `F2`, `Esc`, `PgUp`."""
    spelled = {"escape": "Esc", "pageup": "PgUp", "pagedown": "PgDn", "slash": "/"}
    spelled |= {"full_stop": ".", "comma": ",", "plus": "+", "minus": "-", "equals_sign": "=", "dollar_sign": "$"}
    spelled |= {"left_square_bracket": "[", "right_square_bracket": "]", "exclamation_mark": "!"}
    parts = one_line(name, 40).split("+")
    return "+".join(
        spelled.get(part, part if len(part) == 1 and len(parts) == 1 else part.capitalize()) for part in parts
    )


def _is_key(name: str) -> bool:
    """Whether Textual has a key of this name."""
    from textual.keys import Keys, _character_to_key

    *modifiers, key = name.split("+")
    named = {known.value for known in Keys} | {_character_to_key(chr(code)) for code in range(0x20, 0x7F)}
    return set(modifiers) <= {"ctrl", "alt", "shift", "super", "hyper", "meta"} and (len(key) == 1 or key in named)


def _unknown(name: str, known: set[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, known, n=1)
    return f"[keys] nothing is called {one_line(name, 60)}" + (
        f"; did you mean {near[0]}?" if near else "; F1 lists the keys"
    )

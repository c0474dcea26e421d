"""What waits beside the text being written: its attachments, and prompts that are sent when the answer has ended. Kept with the draft."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass, replace

from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.core.messages import Image
from hawkmoth_tui.engine.attachments import Attached, pasted, read_file


@dataclass(frozen=True, slots=True)
class Parcel:
    """A prompt with everything beside it."""

    text: str
    attached: tuple[Attached, ...] = ()


@dataclass(frozen=True, slots=True)
class Tray:
    """Of one session."""

    attached: tuple[Attached, ...] = ()
    """Goes with the text being written."""
    queue: tuple[Parcel, ...] = ()
    """Goes one after the other, the first one next."""

    @property
    def count(self) -> int:
        """How many things wait: queued prompts, then attachments."""
        return len(self.queue) + len(self.attached)

    def without(self, place: int) -> Tray:
        """Without the thing at that place, counted as `count` counts."""
        if place < len(self.queue):
            return replace(self, queue=(*self.queue[:place], *self.queue[place + 1 :]))
        place -= len(self.queue)
        return replace(self, attached=(*self.attached[:place], *self.attached[place + 1 :]))


EMPTY_TRAY = Tray()


def record_of(tray: Tray) -> str:
    """As the store keeps it: files by their path, everything else whole. Empty for an empty tray."""
    if not tray.count:
        return ""
    queue = [{"text": parcel.text, "attached": _written(parcel.attached)} for parcel in tray.queue]
    return json.dumps({"attached": _written(tray.attached), "queue": queue}, ensure_ascii=True)


def tray_of(record: str) -> tuple[Tray, tuple[str, ...]]:
    """The tray, its files read again, and what is missing of it, one line each. Blocking.

    A record that cannot be read is an empty tray: it was written by another version.
    """
    if not record:
        return EMPTY_TRAY, ()
    missing: list[str] = []
    try:
        found = json.loads(record)
        queue = tuple(Parcel(str(one["text"]), _read(one["attached"], missing)) for one in found["queue"])
        return Tray(_read(found["attached"], missing), queue), tuple(missing)
    except (ValueError, LookupError, TypeError):
        return EMPTY_TRAY, ("what waited beside the draft cannot be read any more",)


def _written(attached: tuple[Attached, ...]) -> list[dict[str, str]]:
    return [_entry(one) for one in attached]


def _entry(one: Attached) -> dict[str, str]:
    if one.path:
        return {"path": one.path}
    if isinstance(one.part, Image):
        picture = b64encode(one.part.data).decode("ascii")
        return {"name": one.name, "media_type": one.part.media_type, "picture": picture}
    return {"name": one.name, "text": one.text}


def _read(entries: list[dict[str, str]], missing: list[str]) -> tuple[Attached, ...]:
    found: list[Attached] = []
    for entry in entries:
        try:
            found.append(_attached(entry))
        except UserError as error:
            missing.append(str(error))
    return tuple(found)


def _attached(entry: dict[str, str]) -> Attached:
    if "path" in entry:
        return read_file(entry["path"])
    if "picture" in entry:
        data = b64decode(entry["picture"])
        return Attached(entry["name"], len(data), Image(entry["media_type"], data, entry["name"]))
    return pasted(entry["text"], entry["name"])

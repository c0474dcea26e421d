"""Sealing a text with a passphrase: Argon2id makes the key, ChaCha20-Poly1305 seals. Pure, but for the randomness it draws.

The form is one JSON object: what is needed to open it, in the clear but bound to the seal, and the sealed text. Parameters are those of
RFC 9106 for memory-constrained machines (64 MiB, three passes).
"""

from __future__ import annotations

import json
import os
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hawkmoth_tui.core.secret import Secret

VERSION = 1
SALT_BYTES = 16
NONCE_BYTES = 12
KEY_BYTES = 32
MOST_MEMORY_KIB = 1024 * 1024
MOST_PASSES = 20
MOST_LANES = 16


class NotSealed(Exception):
    """The text has not this form, or asks for more than opening it may cost."""


class WrongPassphrase(Exception):
    """The passphrase is another one, or the sealed text was changed."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the key is made from the passphrase."""

    salt: bytes
    memory_kib: int = 64 * 1024
    passes: int = 3
    lanes: int = 4


@dataclass(frozen=True, slots=True, repr=False)
class Seal:
    """A key that was made: opens and seals any number of texts."""

    recipe: Recipe
    key: bytes


def new_seal(passphrase: Secret) -> Seal:
    """A seal of a new recipe. Takes a third of a second, on purpose."""
    return _seal(passphrase, Recipe(os.urandom(SALT_BYTES)))


def sealed(text: str, seal: Seal) -> bytes:
    """The text under this seal; never twice the same bytes."""
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    head = _head(seal.recipe)
    nonce = os.urandom(NONCE_BYTES)
    box = ChaCha20Poly1305(seal.key).encrypt(nonce, text.encode(), _bound(head))
    return json.dumps({**head, "nonce": _text(nonce), "box": _text(box)}, indent=1).encode() + b"\n"


def opened(data: bytes, passphrase: Secret | Seal) -> tuple[str, Seal]:
    """The text, and the seal to open and seal it again with. Raises NotSealed and WrongPassphrase."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    recipe, nonce, box = _read(data)
    seal = passphrase if isinstance(passphrase, Seal) else _seal(passphrase, recipe)
    if seal.recipe != recipe:
        raise WrongPassphrase
    try:
        return ChaCha20Poly1305(seal.key).decrypt(nonce, box, _bound(_head(recipe))).decode(), seal
    except (InvalidTag, UnicodeDecodeError) as error:
        raise WrongPassphrase from error


def _seal(passphrase: Secret, recipe: Recipe) -> Seal:
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    kdf = Argon2id(
        salt=recipe.salt,
        length=KEY_BYTES,
        iterations=recipe.passes,
        lanes=recipe.lanes,
        memory_cost=recipe.memory_kib,
    )
    return Seal(recipe, kdf.derive(passphrase.reveal().encode()))


def _read(data: bytes) -> tuple[Recipe, bytes, bytes]:
    try:
        document = json.loads(data)
        if document["version"] != VERSION or document["kdf"] != "argon2id" or document["cipher"] != "chacha20-poly1305":
            raise NotSealed("it was written by a newer Hawkmoth")
        sizes = (document["memory_kib"], document["passes"], document["lanes"])
        salt, nonce, box = (b64decode(document[name], validate=True) for name in ("salt", "nonce", "box"))
    except (ValueError, KeyError, TypeError, RecursionError, NotBase64) as error:
        raise NotSealed("it is no key file") from error
    limits = (MOST_MEMORY_KIB, MOST_PASSES, MOST_LANES)
    if not all(type(size) is int and 0 < size <= limit for size, limit in zip(sizes, limits, strict=True)):
        raise NotSealed("it asks for more work than a key file may")
    if len(salt) < SALT_BYTES or len(nonce) != NONCE_BYTES or sizes[0] < 8 * sizes[2]:
        raise NotSealed("it is no key file")
    return Recipe(salt, *sizes), nonce, box


def _head(recipe: Recipe) -> dict[str, object]:
    return {
        "version": VERSION,
        "kdf": "argon2id",
        "memory_kib": recipe.memory_kib,
        "passes": recipe.passes,
        "lanes": recipe.lanes,
        "salt": _text(recipe.salt),
        "cipher": "chacha20-poly1305",
    }


def _bound(head: dict[str, object]) -> bytes:
    return json.dumps(head, sort_keys=True, separators=(",", ":")).encode()


def _text(data: bytes) -> str:
    return b64encode(data).decode("ascii")

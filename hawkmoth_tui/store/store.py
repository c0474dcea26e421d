"""The store: what survives a crash. The engine opens it; nobody else.

Writing is done by coroutines that resolve when the change is committed, reading by plain calls on a connection of its own. What each
does is in the module of its subject; here they get their transaction and their connection.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from hawkmoth_tui.store import (
    copies,
    db,
    drafts,
    experience,
    factors,
    forks,
    ledger,
    recovery,
    reservations,
    sessions,
    totals,
    turns,
)
from hawkmoth_tui.store.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import tzinfo
    from pathlib import Path

    import apsw

    from hawkmoth_tui.core.errors import StoreError
    from hawkmoth_tui.core.models import ModelRef
    from hawkmoth_tui.core.session import Session
    from hawkmoth_tui.core.summaries import CostTotals, GroupBy, ModelUse, SessionSummary, Spent
    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.store.journal import JournalEvent
    from hawkmoth_tui.store.rows import LedgerRow, Limit, Owner, Refusal, Reservation, TokenFactor

T = TypeVar("T")


class Store:
    """One open database file, or one in memory. Every call may raise `StoreError`."""

    def __init__(
        self,
        database: db.Database,
        owner: Owner,
        clock_ms: Callable[[], int],
        on_problem: Callable[[StoreError | None], None] | None,
    ) -> None:
        self.owner = owner
        self._database = database
        self._clock_ms = clock_ms
        self._writer = Writer(database, on_problem or (lambda _: None))

    @classmethod
    def open(
        cls,
        path: Path | None,
        *,
        owner: Owner,
        clock_ms: Callable[[], int],
        on_problem: Callable[[StoreError | None], None] | None = None,
    ) -> Store:
        """Open the file, making it when it is missing; None keeps everything in memory.

        `on_problem` is told, by the writing thread, when journal entries cannot be written, and None when they are. Raises `SchemaTooNew`,
        `Corrupt`, `DiskFull`, `StoreLocked`, or `StoreError` for a folder or file that is not safe or not ours.
        """
        return cls(db.open_database(path), owner, clock_ms, on_problem)

    @property
    def path(self) -> Path | None:
        """The file; None in memory."""
        return self._database.path

    @property
    def is_memory(self) -> bool:
        return self._database.path is None

    @property
    def problem(self) -> StoreError | None:
        """Why journal entries are not on the disk; None when they are."""
        return self._writer.problem

    def close(self) -> None:
        """Write what is left, end the thread, close the file. Raises `StoreError` when journal entries are lost by it."""
        try:
            self._writer.close()
        finally:
            self._database.close()

    async def create_session(self, session: Session) -> None:
        """A new session; it becomes the latest one."""
        await self._writer.write(lambda connection: sessions.create(connection, session))

    async def fork_session(self, session: Session, copies: Sequence[Turn], source_id: str) -> None:
        """A new session that begins with these ended turns of another one; it becomes the latest one."""
        await self._writer.write(lambda connection: forks.fork(connection, session, copies, source_id, self.owner))

    async def update_session(self, session: Session) -> None:
        """Replace the session's own facts, its head included. Raises `SessionNotFound`."""
        await self._writer.write(lambda connection: sessions.update(connection, session))

    async def change_session(self, session_id: str, change: Callable[[Session], Session]) -> Session:
        """Replace the session's own facts by what `change` makes of the stored ones, in the writing thread; returns them.

        What others have changed by then stays: above all the head, which every new turn moves. Raises `SessionNotFound`.
        """
        return await self._writer.write(lambda connection: sessions.change(connection, session_id, change))

    def session(self, session_id: str) -> Session | None:
        """The session; None when there is none of this id."""
        return self._read(lambda connection: sessions.read(connection, session_id))

    def sessions(self, limit: int = 100, offset: int = 0) -> tuple[SessionSummary, ...]:
        """Sessions, latest first. A negative limit means all."""
        return self._read(lambda connection: sessions.summaries(connection, limit, offset))

    def sessions_saying(self, words: Sequence[str]) -> frozenset[str]:
        """Ids of the sessions in which one prompt has all the words, in any case of ASCII. Reads every prompt: call it in a thread."""
        return self._read(lambda connection: turns.sessions_saying(connection, words))

    def latest_session(self) -> Session | None:
        """Where something was asked last; a session without turns only when all are empty."""
        return self._read(sessions.latest)

    async def start_turn(self, turn: Turn) -> None:
        """Store a new turn and its prompt for good, before anything is sent. It becomes its session's head."""
        at_ms = self._clock_ms()
        await self._writer.write(lambda connection: turns.start(connection, turn, self.owner, at_ms), is_durable=True)

    def journal(self, turn_id: str, event: JournalEvent) -> None:
        """Keep one piece of a live turn's answer; on the disk within 100 ms. Failures show in `problem`."""
        self._writer.journal(turn_id, event, self._clock_ms())

    async def save_turn(self, turn: Turn) -> None:
        """Store a live turn's progress: route, attempts, notices. Its answer is what was journalled."""
        await self._writer.write(lambda connection: turns.save(connection, turn, self.owner))

    async def finish_turn(self, turn: Turn) -> None:
        """Store the ended turn for good, answer included; also one whose start could not be stored."""
        await self._writer.write(
            lambda connection: turns.save(connection, turn, self.owner), is_durable=True, ends_turn=turn.id
        )

    def turn(self, turn_id: str) -> Turn | None:
        """The turn; None when there is none of this id. A live one as far as it was journalled."""
        return self._read(lambda connection: turns.read(connection, turn_id))

    def owner_of(self, turn_id: str) -> Owner | None:
        """The process that is answering the turn; None when it is not live."""
        return self._read(lambda connection: turns.owner_of(connection, turn_id))

    def turns(self, session_id: str) -> tuple[Turn, ...]:
        """All turns of the session in the order in which they were made."""
        return self._read(lambda connection: turns.of_session(connection, session_id))

    def branch(self, session_id: str, newest: int | None = None) -> tuple[Turn, ...]:
        """From the root to the session's head; with `newest` only the last so many."""
        return self._read(lambda connection: turns.branch(connection, session_id, newest))

    def ancestors(self, turn_id: str, newest: int | None = None) -> tuple[Turn, ...]:
        """The turn and those before it on its branch, newest first; with `newest` at most so many."""
        return self._read(lambda connection: turns.ancestors(connection, turn_id, newest))

    async def append_ledger(self, row: LedgerRow) -> None:
        """Book an attempt for good; nothing happens when it is booked already."""
        await self._writer.write(lambda connection: ledger.append(connection, row), is_durable=True)

    async def reserve(self, reservation: Reservation, limits: Sequence[Limit]) -> Refusal | None:
        """Hold the most that an attempt can cost, unless it would pass a limit together with what is booked and held by all processes.

        A reservation of the same id is replaced, so a stream that outgrows its own asks again with more.
        """
        return await self._writer.write(
            lambda connection: reservations.reserve(connection, reservation, limits, self.owner)
        )

    async def release(self, reservation_id: str) -> None:
        """Hold it no longer."""
        await self._writer.write(lambda connection: reservations.release(connection, reservation_id))

    async def settle(self, reservation_id: str, row: LedgerRow) -> None:
        """Book what was held, for good, and let go of it, in one step. What is booked already is not booked again."""

        def work(connection: apsw.Connection) -> None:
            reservations.release(connection, reservation_id)
            ledger.append(connection, row)

        await self._writer.write(work, is_durable=True)

    def spent(self, since_ms: int = 0, session_id: str | None = None) -> Spent:
        """What was booked since then, of one session or of all."""
        return self._read(lambda connection: ledger.spent(connection, since_ms, session_id))

    def totals(
        self, by: GroupBy, since_ms: int | None = None, until_ms: int | None = None, zone: tzinfo | None = None
    ) -> CostTotals:
        """The ledger from `since_ms` until before `until_ms`, grouped; None is open. Days are those of `zone`; None: of this machine."""
        return self._read(lambda connection: totals.totals(connection, by, since_ms, until_ms, zone))

    async def save_draft(self, scope: str, text: str) -> None:
        """Keep what is being written in one composer; an empty text forgets it."""
        await self._writer.write(lambda connection: drafts.save_draft(connection, scope, text))

    def draft(self, scope: str) -> str:
        """What was being written there; empty when nothing was."""
        return self._read(lambda connection: drafts.draft(connection, scope))

    async def add_history(self, text: str) -> None:
        """Remember a line that is no prompt, such as a slash command; `start_turn` remembers prompts itself."""
        at_ms = self._clock_ms()
        await self._writer.write(lambda connection: drafts.add_history(connection, text, at_ms))

    def history(self, limit: int = 1000) -> tuple[str, ...]:
        """What was sent, newest first."""
        return self._read(lambda connection: drafts.history(connection, limit))

    def model_uses(self) -> tuple[ModelUse, ...]:
        """What using models has shown, the last used first. Slow on a large store: call it in a thread."""
        return self._read(experience.read)

    def token_factors(self) -> tuple[TokenFactor, ...]:
        """What models' reports have taught about our counting."""
        return self._read(factors.read)

    async def change_token_factor(
        self, model: ModelRef, basis: str, update: Callable[[TokenFactor | None], TokenFactor | None]
    ) -> TokenFactor | None:
        """Replace a factor by what `update` makes of the stored one, in the writing thread; None leaves it. Returns what is stored then."""
        return await self._writer.write(lambda connection: factors.change(connection, model, basis, update))

    def recover(self, price: Callable[[Turn], tuple[Turn, Iterable[LedgerRow]]] | None = None) -> tuple[Turn, ...]:
        """End the live turns of dead processes as interrupted and let go of what they held; returns these turns.

        `price` gives the turn with what was cut priced, and its ledger rows; it runs in the writing thread.
        Blocks: it belongs to the opening.
        """
        if not self._read(recovery.is_needed):
            return ()
        return self._writer.write_now(lambda connection: recovery.recover(connection, self.owner, price))

    def check(self) -> tuple[str, ...]:
        """What SQLite's quick check finds, in its words; empty when the store is whole. Slow on a large one: call it in a thread."""
        return db.check(self._database)

    def backup(self, target: Path) -> None:
        """Copy the whole store into a new file, consistent while others write. Slow on a large one: call it in a thread."""
        copies.refuse_existing(target)
        with db.store_errors(str(target)):
            if self._database.path is None:
                with self._database.read_lock:
                    copies.copy_connection(self._database.reading, target)
            else:
                copies.copy_over(self._database.path, target)

    def _read(self, ask: Callable[[apsw.Connection], T]) -> T:
        connection = self._database.reading
        with self._database.read_lock, db.store_errors(self._database.name), db.snapshot(connection):
            return ask(connection)

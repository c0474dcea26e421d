"""The store: what survives a crash. The engine opens it; nobody else.

Writing is done by coroutines that resolve when the change is committed, reading by plain calls on a connection of its own. What each
does is in the module of its subject; here they get their transaction and their connection.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from hawkmoth_tui.core.errors import StoreError
from hawkmoth_tui.store import (
    branches,
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
    undoing,
)
from hawkmoth_tui.store.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from datetime import tzinfo
    from pathlib import Path

    import apsw

    from hawkmoth_tui.core.feedback import Sign
    from hawkmoth_tui.core.models import ModelRef
    from hawkmoth_tui.core.performance import MetricsBy, Performance, Wins
    from hawkmoth_tui.core.session import Session
    from hawkmoth_tui.core.summaries import Charge, CostTotals, GroupBy, ModelUse, SessionSummary, Spent
    from hawkmoth_tui.core.tree import Moved, Standing
    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.store.journal import JournalEvent
    from hawkmoth_tui.store.merging import Merged
    from hawkmoth_tui.store.rows import Booked, LedgerRow, Limit, Owner, Refusal, Reservation, TokenFactor
    from hawkmoth_tui.store.undoing import TakenBack

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Purged:
    """What a purge has done."""

    sessions: int
    is_scrubbed: bool
    """False: another process still reads the log with the old pages; they go when it ends."""


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
        patience_s: float | None = None,
    ) -> Store:
        """Open the file, making it when it is missing; None keeps everything in memory.

        `patience_s`: how long to wait for other processes, until `be_patient`; None: as long as usual.

        `on_problem` is told, by the writing thread, when journal entries cannot be written, and None when they are. Raises `SchemaTooNew`,
        `Corrupt`, `DiskFull`, `StoreLocked`, or `StoreError` for a folder or file that is not safe or not ours.
        """
        return cls(db.open_database(path, patience_s), owner, clock_ms, on_problem)

    @property
    def path(self) -> Path | None:
        """The file; None in memory."""
        return self._database.path

    @property
    def is_memory(self) -> bool:
        return self._database.path is None

    @property
    def was_cut(self) -> bool:
        """Whether the last process that used the file had no time to close it."""
        return self._database.was_cut

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

    async def change_session(self, session_id: str, change: Callable[[Session], Session]) -> Session:
        """Replace the session's own facts by what `change` makes of the stored ones, in the writing thread; returns them.

        What others have changed by then stays: above all the head, which every new turn moves. Raises `SessionNotFound`.
        """
        return await self._writer.write(lambda connection: sessions.change(connection, session_id, change))

    async def change_undoably(self, session_id: str, said: str, change: Callable[[Session], Session]) -> Session:
        """As `change_session`; `said` names the change for `undo`. Raises `SessionNotFound`."""
        return await self._writer.write(lambda connection: undoing.change(connection, session_id, said, change))

    async def undo(self, session_id: str) -> tuple[TakenBack, Moved]:
        """Take back what was done last to the session, which can then be done again; what that was, and what is shown now.

        Raises UserError when there is nothing, or when the head would move while an answer is running.
        """
        return await self._writer.write(lambda connection: branches.undo(connection, session_id))

    async def show_sibling(self, turn_id: str, steps: int, shown_head: str | None = None) -> Moved:
        """Move the head to what was last shown below the sibling so many steps on; `shown_head`: that of a branch known to hold the turn.

        Raises UserError when the turn has no sibling, or while an answer is running.
        """
        return await self._writer.write(lambda connection: branches.step(connection, turn_id, steps, shown_head))

    def standings(self, session_id: str) -> dict[str, Standing]:
        """Of every turn that has siblings."""
        return self._read(lambda connection: branches.all_standings(connection, session_id))

    def standings_after(self, session_id: str, parents: Sequence[str | None]) -> dict[str, Standing]:
        """Of the turns that follow these and have siblings."""
        return self._read(lambda connection: branches.standings_after(connection, session_id, parents))

    def family(self, session_id: str, parent_id: str | None) -> tuple[str, ...]:
        """The turns after one parent, in the order in which they were made; None: the first turns of the session."""
        return self._read(lambda connection: branches.family(connection, session_id, parent_id))

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

    def sessions_beginning(self, prefix: str, limit: int = 2) -> tuple[Session, ...]:
        """Sessions whose id begins like this, in the order of their ids."""
        return self._read(lambda connection: sessions.beginning(connection, prefix, limit))

    def sessions_titled(self, words: str, limit: int = 2) -> tuple[Session, ...]:
        """Sessions whose title has the words, in any case, the last used first."""
        return self._read(lambda connection: sessions.titled(connection, words, limit))

    def deleted_sessions(self) -> tuple[SessionSummary, ...]:
        """Those that can still be undeleted, latest first."""
        return self._read(lambda connection: sessions.summaries(connection, -1, 0, is_deleted=True))

    async def delete_session(self, session_id: str) -> None:
        """Hide the session until it is undeleted or purged. Raises `SessionNotFound`."""
        from hawkmoth_tui.store import removal

        at_ms = self._clock_ms()
        await self._writer.write(lambda connection: removal.delete(connection, session_id, at_ms), is_durable=True)

    async def undelete_session(self, session_id: str) -> None:
        """Show the session again. Raises `SessionNotFound`."""
        from hawkmoth_tui.store import removal

        await self._writer.write(lambda connection: removal.undelete(connection, session_id), is_durable=True)

    async def delete_unused(self, used_before_ms: int) -> int:
        """Hide the sessions that were last used before then; how many."""
        from hawkmoth_tui.store import removal

        at_ms = self._clock_ms()
        return await self._writer.write(lambda connection: removal.delete_unused(connection, used_before_ms, at_ms))

    def deleted_before(self, at_ms: int) -> tuple[str, ...]:
        """Ids of the sessions that were deleted before then."""
        from hawkmoth_tui.store import removal

        return self._read(lambda connection: removal.deleted_before(connection, at_ms))

    async def purge(self, session_ids: Collection[str]) -> Purged:
        """Erase these sessions for good, deleted or not, here and in every copy beside the store.

        What only a damaged copy holds is brought back first, since that copy goes as a whole. Raises `UserError` for one that is being
        answered: nothing is erased then.
        """
        import asyncio

        from hawkmoth_tui.store import damage, removal, restoring

        path = self.path
        if path is not None:
            for source in damage.damaged_files(path):
                await self.restore(source)
        count = await self._writer.write(lambda connection: removal.erase(connection, session_ids), is_durable=True)
        is_scrubbed = await self._writer.write(removal.scrub, is_bare=True)
        if path is not None:
            await asyncio.to_thread(restoring.erase_copies, path, session_ids)
        return Purged(count, is_scrubbed)

    async def restore(self, source: Path) -> Merged:
        """Add every row that can be read of another store file, damaged or not, and is not here yet."""
        from hawkmoth_tui.store import damage, restoring

        path = self.path
        if path is None:
            raise StoreError("a store in memory takes nothing in", "mend the store's file first")
        merged = await self._writer.write(
            lambda connection: restoring.absorb(path, source, connection), is_durable=True
        )
        if source in damage.damaged_files(path):
            damage.mark_restored(source)
        return merged

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

    def decided_since(self, since_ms: int) -> tuple[Turn, ...]:
        """All turns that were routed from then on, in the order in which they were made."""
        return self._read(lambda connection: turns.decided_since(connection, since_ms))

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

    def spent_within(self, limit: Limit) -> int:
        """What is booked within the limit's scope, in pico-dollars."""
        return self._read(lambda connection: ledger.spent_within(connection, limit))

    def booked_by_day(self, provider: str, since_ms: int, until_ms: int) -> tuple[Booked, ...]:
        """What is booked for a provider in that time, for each model and day in UTC."""
        return self._read(lambda connection: ledger.booked_by_day(connection, provider, since_ms, until_ms))

    async def performances(self, by: MetricsBy, since_ms: int, until_ms: int) -> tuple[Performance, ...]:
        """How providers, models or task types did from `since_ms` until before `until_ms`, the most asked first."""
        import asyncio

        from hawkmoth_tui.store import metrics, metrics_sums

        if self._read(metrics_sums.is_behind):
            await self._writer.write(metrics_sums.catch_up)
        return await asyncio.to_thread(
            self._read, lambda connection: metrics.performances(connection, by, since_ms, until_ms)
        )

    async def add_sign(self, sign: Sign) -> None:
        """Keep a sign of how good an answer was."""
        from hawkmoth_tui.store import feedback

        await self._writer.write(lambda connection: feedback.add(connection, sign))

    async def undo_sign(self, sign_id: str, undo_id: str) -> bool:
        """Take a sign back; False when there is none of this id that stands."""
        from hawkmoth_tui.store import feedback

        at_ms = self._clock_ms()
        return await self._writer.write(lambda connection: feedback.undo(connection, sign_id, undo_id, at_ms))

    def signs_of(self, turn_id: str) -> tuple[tuple[str, str], ...]:
        """Id and kind of the signs about a turn that stand, the oldest first."""
        from hawkmoth_tui.store import feedback

        return self._read(lambda connection: feedback.of_turn(connection, turn_id))

    def wins(self, model: ModelRef, task: str) -> Wins:
        """The weights of all signs about one model's answers to one type of task."""
        from hawkmoth_tui.store import feedback

        return self._read(lambda connection: feedback.wins(connection, model, task))

    def signs_by_day(self) -> tuple[tuple[str, str, str, int, int, int, int], ...]:
        """All signs that stand: provider, model id, task, day since 1970, good and poor weight in hundredths, number."""
        from hawkmoth_tui.store import feedback

        return self._read(feedback.by_day)

    def totals(
        self, by: GroupBy, since_ms: int | None = None, until_ms: int | None = None, zone: tzinfo | None = None
    ) -> CostTotals:
        """The ledger from `since_ms` until before `until_ms`, grouped; None is open. Days are those of `zone`; None: of this machine."""
        return self._read(lambda connection: totals.totals(connection, by, since_ms, until_ms, zone))

    def charges(
        self, by: GroupBy, key: str, since_ms: int | None = None, until_ms: int | None = None, most: int = 200
    ) -> tuple[Charge, ...]:
        """The turns behind one group of the totals, newest first."""
        from hawkmoth_tui.store import charges

        return self._read(lambda connection: charges.charges(connection, by, key, since_ms, until_ms, most))

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

    def backup_daily(self) -> Path:
        """Make the day's copy, or make it anew; the oldest beyond a week go. Slow on a large store: call it in a thread."""
        from hawkmoth_tui.store import backups

        if self.path is None:
            raise StoreError("a store in memory has no place for copies", "mend the store's file first")
        with db.store_errors(self._database.name):
            return backups.make(self.path, self._clock_ms())

    def has_backup_of_today(self) -> bool:
        from hawkmoth_tui.store import backups

        return self.path is not None and backups.today(self.path, self._clock_ms()).exists()

    async def all_done(self) -> None:
        """Returns when everything ordered so far is done, or has failed."""
        await self._writer.write(lambda _: None, is_bare=True)

    async def be_patient(self) -> None:
        """Wait for other processes as long as usual from now on."""
        await self._writer.write(db.be_patient, is_bare=True)

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits to be written."""
        return self._writer.is_idle

    def changes(self) -> int:
        """A number that differs when this process has written something; for a store in memory."""
        with self._database.read_lock:
            return self._database.writing.total_changes()

    def has_live_turns(self) -> bool:
        """Whether an answer is arriving here, or in another process."""
        return bool(self._read(turns.live))

    async def carry_to(self, other: Store, session_ids: Collection[str]) -> None:
        """Give these sessions to a store that takes this one's place."""
        from hawkmoth_tui.store import merging

        await other._writer.write(
            lambda target: self._read(lambda source: merging.carry_over(source, target, session_ids))
        )

    async def bring_to(self, other: Store) -> Merged:
        """Give everything to the store whose place this one had taken."""
        from hawkmoth_tui.store import merging

        return await other._writer.write(
            lambda target: self._read(lambda source: merging.bring_back(source, target)), is_durable=True
        )

    def backup(self, target: Path) -> None:
        """Copy the whole store into a new file, consistent while others write. Slow on a large one: call it in a thread."""
        from hawkmoth_tui.store import copies

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

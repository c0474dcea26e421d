"""What survives a crash: SQLite through apsw. Only the engine opens a `store.Store`; `rows` holds what it takes and gives."""

"""What survives a crash: SQLite through apsw."""

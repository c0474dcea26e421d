"""What the user chose: the schema, where it is read from, and where files live."""

"""How every record screen behaves: list, form, cells, details, deletion, export, undo; screens only declare."""

"""Files become change sets: received, merged with what is stored, seeded; writes only through services.changes."""

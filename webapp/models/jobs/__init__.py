"""The queue of jobs, as Procrastinate keeps it, and how far each has come."""

"""What the release step does, one file per reason; run_migrations.py is its command line."""

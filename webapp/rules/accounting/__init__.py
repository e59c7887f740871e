"""Rules of accounting, declared as data: each is read by Python for one statement and as SQL for all of them."""

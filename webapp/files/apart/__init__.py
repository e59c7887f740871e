"""Reading foreign bytes in a process of its own, under limits of memory and time: what is hostile harms nobody else.

`calling` is for whoever has bytes, `serving` is the process that forks one reader after the other, `wire` is what
passes between them. Nothing but plain values comes back, so that not even a reader that was taken over is believed.
"""

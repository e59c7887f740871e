"""Who asks and how: the gate, limits, headers, readiness and error pages, for every address whatever it shows.

What is true of each request of this application stands here; what one page shows does not, nor what somebody may do:
that is `services.accounts.permissions`.
"""

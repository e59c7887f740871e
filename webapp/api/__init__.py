"""What machines call, and how they are served.

Routes for programs (`status`), and gunicorn's part: its settings (`serving`) and its worker, a layer a file. What a
person sees in a browser is in `screens`; who may ask, and what is logged of every request, is in `web.gate`.
"""

"""The panels of Home, one a file, each ending in the record PANEL; nothing else names them.

A new one is a file here and its template in templates/home. What it counts or decides belongs to the services, and a
page that people go to is a screen: a panel says what is to be done, or what is new, and leads there.
"""

from webapp.discovering import import_all
from webapp.screens.work.panel import Panel

PANELS: tuple[Panel, ...] = tuple(
    sorted((file.PANEL for file in import_all(__path__, __name__)), key=lambda panel: panel.place)
)

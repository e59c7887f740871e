"""Stock Code Admin: company masters and financial statements, curated in a browser.

Rooms, each of which may use those below it: `screens`, `api` and `cli` are the entrances; `jobs` what runs later;
`forms` what is typed into; `lists` and `web` what is read and who asks; `words` what values look like; `services` the
verbs, the only writers; `models` the tables; `files` and `indicators` foreign formats and formulas; `rules` what counts
as correct. Files beside the rooms serve all of them. One that serves a single room belongs in that room.
"""

"""Files that people bring in the browser: `uploads` are received, compared and decided on; `leaving` leaves large ones
to a worker; `parcels` packs reports that come together; `preview_remarks` is what previews show of single rows.

How a file is read, merged and written is the same whoever brings it, and stands in the room above.
"""

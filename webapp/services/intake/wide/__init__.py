"""Many rows at once: `bulk` is the same done to all of them, `pasting` a range of cells laid over them."""

"""Reports filed with EDINET: a document becomes facts, and the facts become statements by a mapping that is data."""

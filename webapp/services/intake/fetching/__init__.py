"""Bring files of EDINET here: `asking` is how it is asked, `folders` what of it is kept where."""

"""Stock Code Admin: company masters and financial statements, curated in a browser."""

"""Files that hold others, looked at before a library opens them: what hostile bytes would make it do."""

"""What operators ask of the release step under the name `stockcode`: its commands, and the copies that it makes."""

"""The menu of stewards' work: home, change sets, imports, saved views; a file a screen."""

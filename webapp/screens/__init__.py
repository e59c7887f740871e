"""What stewards see: `record` is how every record screen behaves, the other rooms are menus with a file a screen."""

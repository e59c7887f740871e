"""What everybody may do about themselves: sign in and out, password, language and looks."""

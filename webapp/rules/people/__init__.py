"""What this application keeps of its people, and what makes it acceptable: accounts, uploads and saved views."""

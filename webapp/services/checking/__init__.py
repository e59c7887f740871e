"""What is wrong with stored rows: findings, kept until they no longer hold."""

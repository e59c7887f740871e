"""What is reckoned of all statements at once: rules, indicators."""

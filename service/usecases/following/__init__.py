"""What is followed: subscriptions, the events that come of changes, and where they are sent."""

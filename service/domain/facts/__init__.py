"""What is known of a company and its projects, and the words it is said in."""

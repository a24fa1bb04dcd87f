"""What a digest tells, and the forms it is rendered to."""

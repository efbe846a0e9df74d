"""Agency tree, people, appointments and the one permission policy."""

"""Random scenarios and templates, and the process that builds them under limits of time and memory."""

"""GitHub and GitLab through their HTTP APIs: comments, checks, pull requests."""

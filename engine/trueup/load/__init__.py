"""Reading: a network's YAML files, of the working tree or of a commit, with the place of every key and value."""

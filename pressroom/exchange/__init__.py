"""Other forms of a release: taken in from Word and text files, given out for other channels."""

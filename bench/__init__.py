"""The benchmark: a made-up archive of any size, our build and its peers measured side by side."""

"""`python -m bench`: see `--help`."""

from bench.run import main

raise SystemExit(main())

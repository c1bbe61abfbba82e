"""`python -m service.cli` is `huice`."""

from service.cli import main

main()

"""How connections are served: requests are taken in whole before a thread works on them."""

"""No test reaches the public network: neither this process nor one that it starts."""

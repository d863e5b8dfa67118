"""What lets several processes share the updates of one bot: claims, leases, keys, outages."""

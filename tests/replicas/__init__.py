"""Several replicas of the bot behind one address, sharing PostgreSQL; all of it on one machine."""

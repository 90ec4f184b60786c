"""One contact's passage: records, the turn, the Redis store, encryption, retention."""

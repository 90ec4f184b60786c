"""Who is told when it is dangerous, when, how often; and the worker that does committed tasks."""

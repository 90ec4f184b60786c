"""The redis-server a hotline brings along when nobody names one: one per data folder."""

from hotline.embedded.binary import find_redis_server
from hotline.embedded.folder import running_url
from hotline.embedded.server import EmbeddedRedis

__all__ = ["EmbeddedRedis", "find_redis_server", "running_url"]

"""Everything the hotline is told from outside: read once, checked at once, never changed."""

from hotline.settings.demo import demo_settings
from hotline.settings.environment import names, read_settings
from hotline.settings.kinds import LogLevel
from hotline.settings.model import Settings, flows_dir

__all__ = ["LogLevel", "Settings", "demo_settings", "flows_dir", "names", "read_settings"]

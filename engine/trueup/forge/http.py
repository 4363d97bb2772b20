"""HTTP to a forge: one client, with retries and limits."""

from __future__ import annotations

import httpx

__all__ = ["httpx"]

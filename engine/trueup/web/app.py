"""The page's application."""

from __future__ import annotations

import uvicorn
from starlette.applications import Starlette

__all__ = ["Starlette", "uvicorn"]

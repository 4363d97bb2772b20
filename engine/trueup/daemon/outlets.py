"""Where the daemon is heard beside the page: metrics, health, webhook, notifications."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from trueup.daemon.board import Board
from trueup.daemon.endpoints import Endpoints
from trueup.daemon.events import Event
from trueup.daemon.health import Health
from trueup.daemon.metrics import Metrics
from trueup.daemon.notify import Notifier, targets
from trueup.daemon.webhook import Webhook
from trueup.secrets import Stores
from trueup_schemas.network import NetworkHead


class Outlets:
    """Made within the daemon's loop; `configure` has a commit's settings count at once."""

    def __init__(self, board: Board, audit: Path, wake: Callable[[], None]) -> None:
        loop = asyncio.get_running_loop()

        def say(event: Event) -> None:
            loop.call_soon_threadsafe(board.bus.tell, event)

        self.metrics = Metrics()
        self.metrics.listen(board.bus)
        self.health = Health(audit, lambda: board.fleet().commit)
        self.webhook = Webhook(None, "", wake)
        self.endpoints = Endpoints(self.health, self.metrics, self.webhook, board.fleet)
        self.notifier = Notifier(board.fleet().network, counted=lambda taken: self.metrics.told(ok=taken), say=say)
        self.notifier.listen(board.bus)

    def configure(self, settings: NetworkHead, stores: Stores) -> None:
        """Raises SecretError, and then nothing has changed."""
        hook = settings.daemon.webhook
        secret = stores.resolve(hook) if hook is not None else None
        told = targets(settings.notify, stores.resolve)
        self.webhook.secret, self.webhook.branch = secret, settings.daemon.branch
        self.notifier.configure(told)

    async def close(self) -> None:
        """Send what waits to be told."""
        await asyncio.to_thread(self.notifier.close)

"""L'application ASGI : HTTP, WebSocket, horloge."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "participation.config.settings")
application = get_asgi_application()

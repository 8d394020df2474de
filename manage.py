#!/usr/bin/env python3
"""Point d'entrée des commandes : `python manage.py <commande>`."""

import os
import sys


def main() -> None:
    """Lance une commande de Django avec les réglages du projet."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "participation.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()

"""L'administration en lecture seule : un acte légal ne s'y ajoute, ne s'y change ni ne s'y efface (règle 12)."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest


class LectureSeule(admin.ModelAdmin):
    """Ni ajout, ni changement, ni suppression, ni action groupée."""

    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Jamais."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Jamais."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Jamais."""
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Qui entre dans l'administration peut lire : la porte du site est le groupe « admin »."""
        return True

    def has_module_permission(self, request: HttpRequest) -> bool:
        """De même pour la liste."""
        return True

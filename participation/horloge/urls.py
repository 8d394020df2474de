"""Les adresses de « Horloge » : aucune ; l'état se lit sur `/sante/` (participation.config.sante)."""

from django.urls import URLPattern, URLResolver

app_name = "horloge"
urlpatterns: list[URLPattern | URLResolver] = []

"""Les adresses des documents et des données ouvertes d'une consultation."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []

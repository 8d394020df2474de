"""Les adresses de « Gestion »."""

from django.urls import URLPattern, URLResolver

app_name = "gestion"
urlpatterns: list[URLPattern | URLResolver] = []

"""Les adresses de « Comptes »."""

from django.urls import URLPattern, URLResolver

app_name = "comptes"
urlpatterns: list[URLPattern | URLResolver] = []

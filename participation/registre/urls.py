"""Les adresses de « Registre »."""

from django.urls import URLPattern, URLResolver

app_name = "registre"
urlpatterns: list[URLPattern | URLResolver] = []

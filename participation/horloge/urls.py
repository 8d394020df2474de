"""Les adresses de « Horloge »."""

from django.urls import URLPattern, URLResolver

app_name = "horloge"
urlpatterns: list[URLPattern | URLResolver] = []

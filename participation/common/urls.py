"""Les adresses du socle : identité, réglages d'affichage, page des composants."""

from django.urls import URLPattern, URLResolver

app_name = "common"
urlpatterns: list[URLPattern | URLResolver] = []

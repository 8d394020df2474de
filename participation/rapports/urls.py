"""Les adresses du rapport au bureau : `/gestion/rapports/…`, montées par « Gestion »."""

from django.urls import URLPattern, URLResolver, path

from participation.rapports import views

app_name = "rapports"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.liste, name="liste"),
    path("importer/", views.importer, name="importer"),
    path("versions/<uuid:version>/", views.version, name="version"),
    path("versions/<uuid:version>/presentation/", views.presentation, name="presentation"),
    path("versions/<uuid:version>/figer/", views.figer, name="figer"),
    path("versions/<uuid:version>/effacer/", views.effacer, name="effacer"),
    path("parties/<uuid:partie>/", views.section, name="section"),
    path("images/<uuid:image>/", views.image, name="image"),
]

"""Les adresses des mandats au bureau : `/gestion/mandats/…`, montées par « Gestion »."""

from django.urls import URLPattern, URLResolver, include, path

from participation.comptes.views import mandats

app_name = "mandats"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", mandats.mandats, name="mandats"),
    path("importer/", mandats.mandats_importer, name="mandats_importer"),
    path("lettres/", mandats.mandats_lettres, name="mandats_lettres"),
    path("liste.csv", mandats.mandats_csv, name="mandats_csv"),
    path("instances/", include("participation.comptes.urls_conseil")),
]

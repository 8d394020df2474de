"""Les adresses de « Registre »."""

from django.urls import URLPattern, URLResolver, path

from participation.registre import views

app_name = "registre"
urlpatterns: list[URLPattern | URLResolver] = [
    path("registre/", views.registre, name="registre"),
    path("registre.jsonl", views.registre_jsonl, name="registre_jsonl"),
    path("registre.atom", views.registre_atom, name="registre_atom"),
]

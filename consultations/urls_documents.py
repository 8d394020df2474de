"""Les adresses des documents et des données ouvertes d'une consultation."""

from django.urls import URLPattern, URLResolver, path

from consultations.views import documents

urlpatterns: list[URLPattern | URLResolver] = [
    path("<slug:slug>/annexe.pdf", documents.annexe, name="annexe"),
    path("<slug:slug>/annexe.odt", documents.annexe_odt, name="annexe_odt"),
    path("<slug:slug>/rapport.pdf", documents.rapport_pdf, name="rapport_pdf"),
    path("<slug:slug>/avis.json", documents.avis_json, name="avis_json"),
    path("<slug:slug>/avis.csv", documents.avis_csv, name="avis_csv"),
    path("<slug:slug>/avis/<uuid:pk>/accuse.pdf", documents.accuse, name="accuse"),
]

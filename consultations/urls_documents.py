"""Les adresses des documents et des données ouvertes d'une consultation."""

from django.urls import URLPattern, URLResolver, path

from consultations.views import documents, donnees, kits, presse

urlpatterns: list[URLPattern | URLResolver] = [
    path("<slug:slug>/annexe.pdf", documents.annexe, name="annexe"),
    path("<slug:slug>/annexe.odt", documents.annexe_odt, name="annexe_odt"),
    path("<slug:slug>/rapport.pdf", documents.rapport_pdf, name="rapport_pdf"),
    path("<slug:slug>/etat.svg", presse.etat_svg, name="etat_svg"),
    path("<slug:slug>/avis.json", donnees.avis_json, name="avis_json"),
    path("<slug:slug>/avis.csv", donnees.avis_csv, name="avis_csv"),
    path("<slug:slug>/avis.ods", donnees.avis_ods, name="avis_ods"),
    path("<slug:slug>/observations.json", donnees.observations_json, name="observations_json"),
    path("<slug:slug>/observations.csv", donnees.observations_csv, name="observations_csv"),
    path("<slug:slug>/observations.ods", donnees.observations_ods, name="observations_ods"),
    path("<slug:slug>/deliberations.csv", donnees.deliberations_csv, name="deliberations_csv"),
    path("<slug:slug>/avis/<uuid:pk>/accuse.pdf", documents.accuse, name="accuse"),
    path("<slug:slug>/saisines/<uuid:pk>/kit/", kits.kit, name="kit"),
    path("<slug:slug>/saisines/<uuid:pk>/kit.odt", kits.kit_odt, name="kit_odt"),
    path("<slug:slug>/saisines/<uuid:pk>/kit.pdf", kits.kit_pdf, name="kit_pdf"),
]

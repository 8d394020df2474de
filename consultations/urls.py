"""Les adresses des consultations."""

from django.urls import URLPattern, URLResolver, include, path

from consultations.views import avis, complement, depot, participation, preuves, projet, publiques, reunion, saisines

app_name = "consultations"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", publiques.consultations, name="consultations"),
    path("participation/", participation.participation, name="participation"),
    path("", include("consultations.urls_documents")),
    path("<slug:slug>/", publiques.consultation, name="consultation"),
    path("<slug:slug>/instances/", publiques.instances, name="instances"),
    path("<slug:slug>/rapport/", publiques.rapport_entier, name="rapport_entier"),
    path("<slug:slug>/sections/<slug:ancre>/", publiques.section, name="section"),
    path("<slug:slug>/saisines/<uuid:pk>/", saisines.saisine, name="saisine"),
    path("<slug:slug>/saisines/<uuid:pk>/recu/", saisines.recu, name="recu"),
    path("<slug:slug>/saisines/<uuid:pk>/temps/", saisines.temps, name="temps"),
    path(
        "<slug:slug>/saisines/<uuid:pk>/contributions/<uuid:contribution>/",
        preuves.contribution_piece,
        name="contribution_piece",
    ),
    path("<slug:slug>/saisines/<uuid:pk>/preuve.pdf", preuves.preuve_pdf, name="preuve_pdf"),
    path("<slug:slug>/saisines/<uuid:pk>/dossier.zip", preuves.dossier, name="dossier"),
    path("<slug:slug>/saisines/<uuid:pk>/preuves/<uuid:preuve>/", preuves.preuve_piece, name="preuve_piece"),
    path("<slug:slug>/saisines/<uuid:pk>/projet/", projet.projet, name="projet"),
    path("<slug:slug>/saisines/<uuid:pk>/projet/pieces/<uuid:piece>/", projet.projet_piece, name="projet_piece"),
    path("<slug:slug>/saisines/<uuid:pk>/reunion/", reunion.reunion, name="reunion"),
    path("<slug:slug>/saisines/<uuid:pk>/reunion/feuille.pdf", reunion.feuille, name="feuille"),
    path("<slug:slug>/saisines/<uuid:pk>/avis/proposer/", depot.avis_proposer, name="avis_proposer"),
    path("<slug:slug>/saisines/<uuid:pk>/avis/", depot.avis_deposer, name="avis_deposer"),
    path("<slug:slug>/avis/<uuid:pk>/", avis.avis, name="avis"),
    path("<slug:slug>/avis/<uuid:pk>/complement/", complement.complement, name="complement"),
    path("<slug:slug>/avis/<uuid:pk>/pieces/<uuid:piece>/", avis.piece, name="piece"),
]

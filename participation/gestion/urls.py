"""Les adresses de « Gestion » : le bureau des agents et des signataires."""

from django.urls import URLPattern, URLResolver, include, path

from participation.gestion import views

app_name = "gestion"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.bureau, name="bureau"),
    path("rapports/", include("participation.rapports.urls")),
    path("consultations/nouvelle/", views.consultation_creer, name="consultation_creer"),
    path("consultations/<slug:slug>/", views.consultation, name="consultation"),
    path("consultations/<slug:slug>/modifier/", views.consultation_modifier, name="consultation_modifier"),
    path("consultations/<slug:slug>/transmettre/", views.transmettre, name="transmettre"),
    path("saisines/<uuid:pk>/remise/", views.remise, name="remise"),
]

"""Les adresses de « Démonstration » : montées seulement avec DEMO=1."""

from django.urls import path

from participation.demo import views

app_name = "demo"
urlpatterns = [
    path("", views.personnes, name="personnes"),
    path("connexion/<slug:role>/", views.connexion, name="connexion"),
    path("horloge/", views.horloge, name="horloge"),
]

"""Les adresses des séances d'une instance : `/agenda/instances/<slug>/`."""

from django.urls import URLPattern, URLResolver, path

from participation.agenda import views

app_name = "agenda"
urlpatterns: list[URLPattern | URLResolver] = [
    path("<slug:slug>/", views.seances, name="seances"),
    path("<slug:slug>/<uuid:pk>/retirer/", views.seance_retirer, name="seance_retirer"),
]

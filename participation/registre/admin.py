"""Le registre, en lecture seule : la base elle-même refuse qu'on le change."""

from django.contrib import admin

from participation.common.admin import LectureSeule
from participation.registre.models import Entree


@admin.register(Entree)
class EntreeAdmin(LectureSeule):
    """Les entrées."""

    list_display = ("n", "acte", "objet", "instant", "inscrit_le")
    list_filter = ("acte",)

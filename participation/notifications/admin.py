"""Les messages partis, en lecture seule. Ni adresse, ni texte : un accusé dit l'avis avant tous (règle 20)."""

from django.contrib import admin

from participation.common.admin import LectureSeule
from participation.notifications.models import MessageEnvoye


@admin.register(MessageEnvoye)
class MessageEnvoyeAdmin(LectureSeule):
    """Les messages envoyés : quand, et leur empreinte."""

    list_display = ("envoi_id", "parti_le", "empreinte")
    fields = ("parti_le", "empreinte")

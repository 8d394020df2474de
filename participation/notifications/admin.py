"""Les messages partis, en lecture seule. Ni adresse, ni texte : un accusé dit l'avis avant tous (règle 20)."""

from django.contrib import admin

from participation.common.admin import LectureSeule
from participation.notifications.models import MessageEnvoye, ReglageMessages


@admin.register(MessageEnvoye)
class MessageEnvoyeAdmin(LectureSeule):
    """Les messages envoyés : quand, et leur empreinte."""

    list_display = ("envoi_id", "parti_le", "empreinte")
    fields = ("parti_le", "empreinte")


@admin.register(ReglageMessages)
class ReglageMessagesAdmin(LectureSeule):
    """Ce que chacun a choisi de recevoir ; sans l'adresse."""

    list_display = ("personne", "niveau", "change_le")
    fields = ("personne", "niveau", "change_le")

"""Les séances annoncées, en lecture seule : elles se disent sur leur page."""

from django.contrib import admin

from participation.agenda.models import Seance
from participation.common.admin import LectureSeule


@admin.register(Seance)
class SeanceAdmin(LectureSeule):
    """Les séances."""

    list_display = ("instance", "le", "lieu", "annoncee_le", "retiree_le")
    list_select_related = ("instance",)
    fields = ("instance", "le", "lieu", "annoncee_le", "retiree_le")

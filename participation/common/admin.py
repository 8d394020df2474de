"""L'administration : des formulaires sans script, et la lecture seule des actes légaux (règle 12)."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import models
from django.http import HttpRequest


class SansScript(BaseModelAdmin):
    """Des champs du navigateur : ceux de Django posent des styles en ligne, que la politique de contenu refuse.

    Le lecteur d'écran y gagne aussi : une liste à cocher a des étiquettes, deux listes et des flèches n'en ont pas.
    """

    formfield_overrides: ClassVar[Any] = {
        models.DateField: {"widget": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})},
        models.DateTimeField: {
            "form_class": forms.DateTimeField,
            "widget": forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        },
        models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple, "help_text": ""},
        models.SlugField: {"help_text": "Le nom en minuscules, sans accent, avec des tirets."},
    }

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """Le champ sans les boutons qui ouvrent une autre fenêtre."""
        champ = super().formfield_for_dbfield(db_field, request, **options)
        if champ is not None and isinstance(champ.widget, RelatedFieldWidgetWrapper):
            champ.widget = champ.widget.widget
        return champ


class Fiche(SansScript, admin.ModelAdmin):
    """Une fiche qui s'écrit."""


class LectureSeule(Fiche):
    """Ni ajout, ni changement, ni suppression, ni action groupée."""

    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Jamais."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Jamais."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Jamais."""
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Qui entre dans l'administration peut lire : la porte du site est le groupe « admin »."""
        return True

    def has_module_permission(self, request: HttpRequest) -> bool:
        """De même pour la liste."""
        return True

"""L'administration du territoire : ce que l'import ne sait pas, une personne le complète ici.

C'est le seul endroit où Django écrit avec ses propres formulaires : aucun acte légal n'en dépend.
"""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from participation.common.admin import Fiche, SansScript
from participation.territoires.models import (
    Ambition,
    Commune,
    ContratDeVille,
    Enjeu,
    Epci,
    Instance,
    Quartier,
    Terme,
)


@admin.register(Epci)
class EpciAdmin(Fiche):
    """L'identité de la plateforme. Une seule ligne, jamais effacée."""

    fieldsets = (
        ("Qui", {"fields": ("nom", "nom_court", "sigle", "siren", "siret", "siege", "tribunal_administratif")}),
        (
            "Ce que le public voit",
            {
                "fields": (
                    "nom_plateforme",
                    "presentation",
                    "logo",
                    "couleur_action",
                    "couleur_fond_fort",
                    "couleur_accent",
                    "decor",
                )
            },
        ),
        ("Les mots", {"fields": ("vocabulaire", "reperes")}),
        (
            "Joindre",
            {"fields": ("service", "courriel_contact", "telephone_contact", "adresse_contact", "horaires_contact")},
        ),
        ("Mentions", {"fields": ("directeur_publication", "hebergeur", "courriel_dpo")}),
        ("Accessibilité", {"fields": ("conformite", "audit_le", "audit_par", "schema_accessibilite")}),
        (
            "Chiffres",
            {"fields": ("nb_quartiers", "nb_qpv", "nb_qic", "nb_communes", "source_chiffres", "source", "importe_le")},
        ),
    )
    readonly_fields = ("importe_le",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Une seule agglomération par plateforme."""
        return super().has_add_permission(request) and not Epci.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Sans elle, la plateforme n'a plus de nom."""
        return False


@admin.register(Commune)
class CommuneAdmin(Fiche):
    """Les communes."""

    list_display = ("nom", "code_insee", "population", "is_concernee", "is_fictif")
    list_filter = ("is_concernee", "is_fictif")
    search_fields = ("nom", "code_insee")


@admin.register(Quartier)
class QuartierAdmin(Fiche):
    """Les quartiers."""

    list_display = ("nom", "type", "code", "is_npnru", "is_fictif")
    list_filter = ("type", "is_npnru", "is_fictif")
    search_fields = ("nom", "code")


@admin.register(Instance)
class InstanceAdmin(Fiche):
    """Les instances consultées."""

    list_display = ("nom", "type", "commune", "is_installee", "is_dormante", "is_partenaire", "is_fictif")
    list_filter = ("type", "is_installee", "is_dormante", "is_partenaire", "is_fictif")
    search_fields = ("nom",)
    readonly_fields = ("creee_le",)


class EnjeuInline(SansScript, admin.StackedInline):
    """Les enjeux d'un contrat."""

    model = Enjeu
    extra = 1


@admin.register(ContratDeVille)
class ContratAdmin(Fiche):
    """Le contrat de ville."""

    inlines = (EnjeuInline,)


@admin.register(Ambition)
class AmbitionAdmin(Fiche):
    """Les ambitions et leurs montants."""

    list_display = ("numero", "nom", "enjeu", "montant_2024")
    list_display_links = ("nom",)


@admin.register(Terme)
class TermeAdmin(Fiche):
    """Les mots du glossaire."""

    list_display = ("nom", "definition")
    search_fields = ("nom",)

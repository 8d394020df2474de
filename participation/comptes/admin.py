"""Les pages d'administration des comptes. Elles passent par les actes : rien ne s'écrit à côté."""

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from participation.common.admin import Fiche, LectureSeule
from participation.common.errors import RefusMetier
from participation.common.requetes import recu_le
from participation.comptes import actions
from participation.comptes.models import CodeRemis, Mandat, Referent, Utilisateur


class SansSuppression(Fiche):
    """Rien ne se supprime ici : une fin de mandat ou un compte désactivé se disent autrement."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Jamais."""
        return False


@admin.register(Utilisateur)
class UtilisateurAdmin(SansSuppression):
    """Un compte : on l'ouvre, on le désactive, on règle ses groupes. Aucun mot de passe."""

    list_display = ("__str__", "email", "quartier", "is_active")
    list_filter = ("is_active", "groups")
    search_fields = ("nom_usage", "email")
    fields = ("nom_usage", "email", "quartier", "is_active", "groups")
    list_select_related = ("quartier",)
    ordering = ("nom_usage", "pk")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Le courriel d'un compte ouvert ne change que par la personne, qui le prouve."""
        return ("email",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Utilisateur, form: Any, change: bool) -> None:
        """Un courriel vide est nul, un courriel est en minuscules ; un compte neuf n'a pas de mot de passe."""
        obj.email = obj.email.strip().lower() if obj.email else None
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Les groupes, puis l'accès à l'administration qui en découle. Qui a donné quel groupe reste tracé."""
        avant = set(form.instance.groups.values_list("name", flat=True))
        super().save_related(request, form, formsets, change)
        actions.relire_les_groupes(compte=form.instance)
        apres = set(form.instance.groups.values_list("name", flat=True))
        signes = [f"+ {nom}" for nom in sorted(apres - avant)] + [f"- {nom}" for nom in sorted(avant - apres)]
        if signes:
            self.log_change(request, form.instance, f"Groupes : {', '.join(signes)}")


@admin.register(Mandat)
class MandatAdmin(SansSuppression):
    """Un mandat : on le nomme, on le finit. Ce qui est nommé ne se récrit pas."""

    list_display = ("utilisateur", "role", "instance", "du", "au")
    list_filter = ("role", "instance")
    list_select_related = ("utilisateur", "instance")
    fields = ("utilisateur", "instance", "role", "college", "du", "au")
    actions = ("finir",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Faux sur la fiche (elle se lit), vrai sur la liste (pour finir un mandat)."""
        return obj is None and super().has_change_permission(request)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """On ne se donne pas un mandat à soi-même : l'acte le refuse, la liste ne le propose pas."""
        if db_field.name == "utilisateur":
            options["queryset"] = Utilisateur.objects.exclude(pk=_personne(request).pk)
        return super().formfield_for_foreignkey(db_field, request, **options)

    def save_model(self, request: HttpRequest, obj: Mandat, form: Any, change: bool) -> None:
        """Nomme par l'acte."""
        obj.pk = actions.nommer_mandat(
            utilisateur=obj.utilisateur,
            instance=obj.instance,
            role=obj.role,
            par=_personne(request),
            now=recu_le(request),
            du=obj.du,
            au=obj.au,
            college=obj.college,
        ).pk

    @admin.action(description="Finir ces mandats maintenant")
    def finir(self, request: HttpRequest, queryset: QuerySet[Mandat]) -> None:
        """Coupe le droit aussitôt."""
        for mandat in queryset:
            try:
                actions.finir_mandat(mandat=mandat, par=_personne(request), now=recu_le(request))
            except RefusMetier as refus:
                self.message_user(request, f"{mandat} : {refus.phrase}", messages.WARNING)


@admin.register(CodeRemis)
class CodeRemisAdmin(LectureSeule):
    """Qui a donné un code, quand, pour qui. Le code n'est nulle part."""

    list_display = ("mandat", "moyen", "emis_le", "emis_par", "reclame_le", "is_annule")
    list_filter = ("moyen",)
    list_select_related = ("mandat__instance", "emis_par")
    exclude = ("empreinte",)


@admin.register(Referent)
class ReferentAdmin(SansSuppression):
    """Une personne référente ; rien n'est public tant que prénom, service et téléphone manquent."""

    list_display = ("__str__", "genre", "quartier", "instance", "is_complete")
    list_select_related = ("quartier", "instance")


def _personne(request: HttpRequest) -> Utilisateur:
    return cast(Utilisateur, request.user)

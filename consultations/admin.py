"""Les actes légaux, en lecture seule. Le projet d'avis n'y est pas : seuls ses mandats le lisent (règle 21)."""

from django.contrib import admin

from consultations.models import (
    Acte,
    ActePrepare,
    Avis,
    Complement,
    ConstatRetour,
    Consultation,
    Contact,
    ContenuLegal,
    Contribution,
    DemandeDeTemps,
    Etape,
    PreuveRemise,
    Ralliement,
    RetourCourriel,
    Saisine,
)
from participation.common.admin import LectureSeule


@admin.register(Consultation)
class ConsultationAdmin(LectureSeule):
    """Les consultations."""

    list_display = ("titre", "transmise_le", "echeance", "approuve_le")


@admin.register(Etape)
class EtapeAdmin(LectureSeule):
    """Les étapes du circuit."""

    list_display = ("code", "consultation", "date", "reference", "inscrite_le")
    list_filter = ("code",)
    list_select_related = ("consultation",)


@admin.register(ContenuLegal)
class ContenuLegalAdmin(LectureSeule):
    """Ce que le rapport doit contenir."""

    list_display = ("code", "consultation", "presence", "ancre", "renseigne_le")
    list_filter = ("presence",)
    list_select_related = ("consultation",)


@admin.register(Saisine)
class SaisineAdmin(LectureSeule):
    """Les saisines."""

    list_display = ("instance", "consultation", "rang", "transmise_le", "echeance", "remplacee_le")
    list_filter = ("consultation",)
    list_select_related = ("instance", "consultation")


@admin.register(PreuveRemise)
class PreuveRemiseAdmin(LectureSeule):
    """Les preuves de remise."""

    list_display = ("saisine", "moyen", "remis_le", "inscrite_le")
    list_select_related = ("saisine__instance", "saisine__consultation")


@admin.register(RetourCourriel)
class RetourCourrielAdmin(LectureSeule):
    """Les courriels de transmission revenus."""

    list_display = ("saisine", "accepte_le", "retourne_le", "origine")
    list_select_related = ("saisine__instance", "saisine__consultation")


@admin.register(Contact)
class ContactAdmin(LectureSeule):
    """Les appels aux instances."""

    list_display = ("saisine", "resultat", "le")
    list_filter = ("resultat",)
    list_select_related = ("saisine__instance",)


@admin.register(ConstatRetour)
class ConstatRetourAdmin(LectureSeule):
    """Ce que les agents en ont constaté."""

    list_display = ("retour", "decision", "constate_le")
    list_select_related = ("retour__saisine__instance", "retour__saisine__consultation")


@admin.register(Ralliement)
class RalliementAdmin(LectureSeule):
    """Les ralliements."""

    list_display = ("avis", "observation")
    list_select_related = ("avis", "observation__section")


@admin.register(Avis)
class AvisAdmin(LectureSeule):
    """Les avis publiés. Un avis qui se publie à la clôture ne se lit pas ici avant elle : seuls ses repères y sont.

    Ni l'empreinte : sans sel, cinq essais suffisent à deviner le sens d'un avis sans texte.
    """

    list_display = ("numero", "saisine", "version", "recu_le", "inscrit_le", "canal")
    list_select_related = ("saisine__instance", "saisine__consultation")
    fields = ("numero", "saisine", "version", "remplace", "recu_le", "inscrit_le", "canal")


@admin.register(ActePrepare)
class ActePrepareAdmin(LectureSeule):
    """Les actes en attente de signature : ils se préparent et s'abandonnent au bureau, jamais ici."""

    list_display = ("type", "consultation", "prepare_le", "abandonne_le")
    list_filter = ("type",)
    list_select_related = ("consultation",)


@admin.register(Acte)
class ActeAdmin(LectureSeule):
    """Les actes signés."""

    list_display = ("n", "type", "consultation", "signe_le")
    list_filter = ("type",)
    list_select_related = ("consultation",)


@admin.register(Contribution)
class ContributionAdmin(LectureSeule):
    """Ce qui est reçu sans être un avis. Ni sens, ni texte, ni pièce : ils suivent la publication des avis."""

    list_display = ("saisine", "type", "canal", "recu_le", "inscrit_le")
    list_select_related = ("saisine__instance", "saisine__consultation")
    fields = ("saisine", "type", "canal", "recu_le", "inscrit_le")


@admin.register(Complement)
class ComplementAdmin(LectureSeule):
    """Les délibérations complétées."""

    list_display = ("avis", "deliberation", "prefecture_le", "inscrit_le")
    list_select_related = ("avis",)
    fields = ("avis", "deliberation", "prefecture_le", "inscrit_le")


@admin.register(DemandeDeTemps)
class DemandeDeTempsAdmin(LectureSeule):
    """Les demandes de report des instances."""

    list_display = ("saisine", "echeance_vue", "demandee_le")
    list_select_related = ("saisine__instance", "saisine__consultation")

"""Prouver la remise : sans preuve datée, aucun silence ne vaut accord (règle 6)."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef

from consultations.etats import Fondement
from consultations.models import PreuveRemise, Saisine
from consultations.permissions import can_inscrire_remise, can_lire_projet
from consultations.queries_remise import courriels_qui_prouvent, preuves_valables
from participation.common.errors import RefusMetier
from participation.comptes.models import Mandat, Utilisateur
from participation.pieces.models import PieceJointe
from participation.registre.actions import inscrire

Moyen = PreuveRemise.Moyen


@transaction.atomic
def accuser_reception(*, saisine: Saisine, par: Utilisateur, now: datetime) -> PreuveRemise:
    """« J'ai bien reçu », par une personne mandatée. Rejouable : un second appui ne crée rien."""
    if not can_lire_projet(par, saisine, now):
        raise RefusMetier("interdit", "Il faut un mandat dans cette instance pour dire qu'elle a reçu le projet.")
    return prouver(saisine=saisine, moyen=Moyen.JAI_RECU, remis_le=now, par=par, now=now)


@transaction.atomic
def inscrire_remise(
    *,
    saisine: Saisine,
    moyen: str,
    remis_le: datetime,
    note: str,
    piece: PieceJointe | None,
    par: Utilisateur,
    now: datetime,
) -> PreuveRemise:
    """Un agent saisit un récépissé, un recommandé, un retour @ctes. Lève RefusMetier("forme") : date impossible."""
    if not can_inscrire_remise(par):
        raise RefusMetier("interdit", "Seul un agent saisit une preuve de remise.")
    if moyen not in {Moyen.RECEPISSE, Moyen.RECOMMANDE, Moyen.ACTES}:
        raise RefusMetier("forme", "Choisissez un récépissé, un recommandé ou @ctes.")
    if not saisine.transmise_le <= remis_le <= now:
        raise RefusMetier("forme", "La remise a lieu après la transmission, et pas dans le futur.")
    if piece is None and len(note.strip()) < 10:
        raise RefusMetier("forme", "Joignez la preuve, ou dites en une phrase où elle est gardée.")
    return prouver(saisine=saisine, moyen=moyen, remis_le=remis_le, note=note, piece=piece, par=par, now=now)


def prouver(
    *,
    saisine: Saisine,
    moyen: str,
    remis_le: datetime,
    now: datetime,
    par: Utilisateur | None = None,
    note: str = "",
    piece: PieceJointe | None = None,
) -> PreuveRemise:
    """Inscrit une preuve et son acte au registre. Un moyen automatique déjà prouvé ne l'est pas deux fois."""
    if moyen in {Moyen.JAI_RECU, Moyen.CONNEXION} and (deja := saisine.preuves.filter(moyen=moyen).first()):
        return deja
    preuve = PreuveRemise.objects.create(
        saisine=saisine, moyen=moyen, remis_le=remis_le, inscrite_le=now, par=par, note=note, piece=piece
    )
    inscrire(acte="remise_prouvee", objet=preuve, dossier=saisine.consultation_id, now=remis_le, inscrit_le=now)
    return preuve


def constater_remises(*, now: datetime) -> int:
    """L'horloge tire les preuves de deux faits : un courriel de saisine accepté, une connexion. Rejouable.

    Un courriel accepté ne vaut remise qu'après 72 heures sans retour ; la preuve porte alors la date de son acceptation
    (règle 6).
    """
    return _courriels_acceptes(now) + _connexions(now)


def _courriels_acceptes(now: datetime) -> int:
    nouveaux = list(courriels_qui_prouvent(now))
    saisines = Saisine.objects.in_bulk([e.objet_id for e in nouveaux])
    n = 0
    for envoi in nouveaux:
        try:
            with transaction.atomic():
                preuve = PreuveRemise.objects.create(
                    saisine=saisines[envoi.objet_id],
                    moyen=Moyen.COURRIEL,
                    remis_le=envoi.envoye_le or now,
                    inscrite_le=now,
                    envoi=envoi.pk,
                )
                dossier = preuve.saisine.consultation_id
                inscrire(acte="remise_prouvee", objet=preuve, dossier=dossier, now=preuve.remis_le, inscrit_le=now)
        except IntegrityError:  # un autre processus vient de l'inscrire
            continue
        n += 1
    return n


def _connexions(now: datetime) -> int:
    ouvertes = Saisine.objects.en_vigueur().ouvertes(now).exclude(fondement=Fondement.PARTENAIRE)
    muettes = ouvertes.filter(~Exists(preuves_valables().filter(saisine=OuterRef("pk"))), is_sans_objet=False)
    n = 0
    for saisine in muettes:
        mandat = (
            Mandat.objects.en_cours(now)
            .filter(instance=saisine.instance_id, utilisateur__last_login__gte=saisine.transmise_le)
            .filter(utilisateur__last_login__lte=now, utilisateur__last_login__gte=F("du"))
            .select_related("utilisateur")
            .first()
        )
        if mandat and mandat.utilisateur.last_login:
            with transaction.atomic():
                prouver(saisine=saisine, moyen=Moyen.CONNEXION, remis_le=mandat.utilisateur.last_login, now=now)
            n += 1
    return n

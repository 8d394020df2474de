"""Nommer toute une liste : tout, ou rien. Deux fois la même liste ne nomme personne deux fois."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from uuid import UUID

from django.db import transaction

from participation.common.dates import debut_de, fin_de
from participation.common.errors import RefusMetier
from participation.common.reference import en_adresse
from participation.comptes.actions.membres import donner, inviter
from participation.comptes.imports import Faute, Membre, lire
from participation.comptes.models import Mandat, Utilisateur
from participation.comptes.permissions import can_tenir_les_mandats
from participation.comptes.rules import cle_de_nom
from participation.comptes.saisies import SaisieMembre
from participation.territoires.models import Instance


@dataclass
class Bilan:
    """Ce que l'import a fait. `deja` : les lignes qui y étaient ; `courriels` : partis ; `lettres` : à imprimer."""

    nommes: list[Mandat] = field(default_factory=list)
    deja: int = 0
    courriels: int = 0

    @property
    def lettres(self) -> int:
        """Les personnes sans courriel."""
        return sum(not m.utilisateur.email for m in self.nommes)


@transaction.atomic
def importer_les_membres(*, texte: str, par: Utilisateur, now: datetime) -> Bilan:
    """Nomme chaque ligne, puis écrit un courriel par personne qui en a un. Rejouable.

    Lève RefusMetier : "interdit" pour qui n'est pas agent, "forme" (`fautes` : toutes, ligne par ligne ; rien n'est
    écrit).
    """
    if not can_tenir_les_mandats(par):
        raise RefusMetier("interdit", "Seul un agent importe une liste.")
    membres, fautes = lire(texte)
    annuaire = Annuaire()
    annuaire.prendre(membres)
    saisies = [(m, annuaire.reconnaitre(m, fautes, now)) for m in membres]
    fautes += annuaire.fautes_de_personnes(saisies, now)
    if fautes:
        raise RefusMetier("forme", "Rien n’est écrit.", fautes=sorted(fautes, key=lambda f: f.ligne))
    bilan = Bilan()
    for membre, saisie in saisies:
        if saisie and annuaire.is_deja_nomme(saisie, now):
            bilan.deja += 1
        elif saisie:
            bilan.nommes.append(_donner(membre, saisie, par, now))
    bilan.courriels = inviter(mandats=bilan.nommes, now=now)
    return bilan


def _donner(membre: Membre, saisie: SaisieMembre, par: Utilisateur, now: datetime) -> Mandat:
    try:
        return donner(saisie=saisie, piece=None, par=par, now=now)
    except RefusMetier as refus:
        phrase = refus.phrase[:1].lower() + refus.phrase[1:]
        raise RefusMetier("forme", "Rien n’est écrit.", fautes=[Faute(membre.ligne, phrase)]) from refus


class Annuaire:
    """Les instances et leurs membres, lus une fois : reconnaître un nom, écrit avec ou sans accent ni ligature."""

    def __init__(self) -> None:
        self.instances: dict[str, list[Instance]] = {}
        for instance in Instance.objects.order_by("nom"):
            for cle in {en_adresse(instance.nom), instance.slug}:
                self.instances.setdefault(cle, []).append(instance)
        self.mandats: dict[UUID, list[Mandat]] = {}

    def prendre(self, membres: Iterable[Membre]) -> None:
        """Prend les lignes des instances citées : deux imports en parallèle se suivent. Puis lit leurs membres."""
        citees = {i.pk: i for m in membres for i in self.instances.get(en_adresse(m.instance), [])}
        for pk in sorted(citees):
            Instance.objects.filter(pk=pk).update(slug=citees[pk].slug)
        for mandat in Mandat.objects.filter(instance__in=citees).select_related("utilisateur"):
            self.mandats.setdefault(mandat.instance.pk, []).append(mandat)

    def reconnaitre(self, membre: Membre, fautes: list[Faute], now: datetime) -> SaisieMembre | None:
        """La personne à nommer ; None, et une faute de plus, si son instance n'est pas reconnue."""
        trouvees = self.instances.get(en_adresse(membre.instance), [])
        if len(trouvees) != 1:
            fautes.append(Faute(membre.ligne, self._inconnue(membre.instance, bool(trouvees))))
            return None
        return SaisieMembre(
            instance=trouvees[0].pk, nom=membre.nom, role=membre.role, courriel=membre.courriel,
            college=membre.college, designation=membre.designation, du=debut_de(membre.du) if membre.du else None,
            au=fin_de(membre.au) if membre.au else None,
        )  # fmt: skip

    def _inconnue(self, dite: str, is_double: bool) -> str:
        if is_double:
            return f"deux instances s’appellent « {dite} ». Écrivez la fin de son adresse à la place."
        proches = get_close_matches(en_adresse(dite), self.instances, n=1, cutoff=0.6)
        aide = f" Vouliez-vous dire « {self.instances[proches[0]][0].nom} » ?" if proches else ""
        return f"l’instance « {dite} » est inconnue.{aide}"

    def fautes_de_personnes(self, saisies: list[tuple[Membre, SaisieMembre | None]], now: datetime) -> list[Faute]:
        """Dans une instance, un nom désigne une personne, une personne tient un rôle une fois."""
        fautes: list[Faute] = []
        vus: dict[tuple[UUID, str, str], int] = {}
        adresses: dict[tuple[UUID, str], str] = {}
        noms: dict[str, str] = {}
        for membre, saisie in saisies:
            if saisie is None:
                continue
            nom = cle_de_nom(saisie.nom)
            role = (saisie.instance, saisie.courriel or nom, saisie.role)
            if role in vus:
                fautes.append(Faute(membre.ligne, f"la même personne a déjà ce rôle ligne {vus[role]}."))
            vus.setdefault(role, membre.ligne)
            is_autre = adresses.setdefault((saisie.instance, nom), saisie.courriel) != saisie.courriel
            if is_autre or self._is_homonyme(saisie, nom, now):
                phrase = f"« {saisie.nom} » est déjà dans cette instance, avec un autre courriel. Distinguez les noms."
                fautes.append(Faute(membre.ligne, phrase))
            if saisie.courriel and noms.setdefault(saisie.courriel, nom) != nom:
                fautes.append(Faute(membre.ligne, "ce courriel est déjà celui d’un autre nom dans la liste."))
            if saisie.role == Mandat.Role.SECRETARIAT and not self._is_habilite(saisie):
                fautes.append(Faute(membre.ligne, "un secrétariat se nomme un par un : il faut la ligne du maire."))
            if saisie.au is not None and saisie.au <= (saisie.du or now):
                fautes.append(Faute(membre.ligne, "ce mandat est déjà fini."))
        return fautes

    def _is_homonyme(self, saisie: SaisieMembre, nom: str, now: datetime) -> bool:
        """Vrai si ce nom est pris, dans l'instance, par quelqu'un qui a une autre adresse (ou n'en a pas)."""
        if not saisie.courriel:
            return False
        memes = [m for m in self._non_finis(saisie, now) if cle_de_nom(m.nom_lu) == nom]
        return any((m.utilisateur.email or "") != saisie.courriel for m in memes)

    def _is_habilite(self, saisie: SaisieMembre) -> bool:
        siens = [m for m in self.mandats.get(saisie.instance, []) if m.role == Mandat.Role.SECRETARIAT]
        return any(self._is_meme(saisie, m) for m in siens)

    def is_deja_nomme(self, saisie: SaisieMembre, now: datetime) -> bool:
        """Vrai si cette personne a déjà ce rôle, en cours ou à venir, dans cette instance."""
        return any(m.role == saisie.role and self._is_meme(saisie, m) for m in self._non_finis(saisie, now))

    def _non_finis(self, saisie: SaisieMembre, now: datetime) -> list[Mandat]:
        return [m for m in self.mandats.get(saisie.instance, []) if m.au is None or now < m.au]

    def _is_meme(self, saisie: SaisieMembre, mandat: Mandat) -> bool:
        if saisie.courriel:
            return mandat.utilisateur.email == saisie.courriel
        return cle_de_nom(mandat.nom_lu) == cle_de_nom(saisie.nom)

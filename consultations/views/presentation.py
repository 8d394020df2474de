"""Ce que montrent les pages publiques : la frise de la procédure, les cartes des instances, le décompte. Pur."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.urls import reverse

from consultations.etats import EXPRIMES, Etat
from consultations.models import Consultation, Saisine
from consultations.queries import Bilan, etiquettes, is_bientot_prouvee
from consultations.seances import annonce
from participation.agenda.models import Seance
from participation.common.dates import jour_a_paris, jour_court
from participation.territoires.models import Instance

ICONES = {
    Instance.Type.CONSEIL_CITOYEN: "users-round",
    Instance.Type.CONSEIL_MUNICIPAL: "landmark",
    Instance.Type.AUTRE: "users-round",
}


@dataclass(frozen=True)
class Noms:
    """Les mots d'un type d'instance, accordés."""

    de_mon: str
    le: str
    du: str
    sujet: str
    qui_dit: str


NOMS = {
    Instance.Type.CONSEIL_CITOYEN: Noms(
        "de mon conseil", "le conseil", "du conseil", "Si le conseil", "il avait dit oui"
    ),
    Instance.Type.CONSEIL_MUNICIPAL: Noms(
        "de ma commune", "la commune", "de la commune", "Si la commune", "elle avait dit oui"
    ),
    Instance.Type.AUTRE: Noms("de mon instance", "l’instance", "de l’instance", "Si l’instance", "elle avait dit oui"),
}


def noms_de(instance: Instance) -> Noms:
    """Les mots qui conviennent à cette instance."""
    return NOMS[Instance.Type(instance.type)]


def phrase_du_silence(instance: Instance) -> str:
    """La règle 3 en mots de tous les jours, accordée à l'instance (DESIGN.md §3)."""
    noms = noms_de(instance)
    return f"{noms.sujet} ne répond pas, la loi fait comme s’{noms.qui_dit}."


ETAPES = (
    ("Projet arrêté", "file-text"),
    ("Transmis", "send"),
    ("Avis des communes et des conseils citoyens", "megaphone"),
    ("Rapport amendé", "pencil"),
    ("Approbation", "landmark"),
    ("Mis à disposition", "book-open"),
)


@dataclass(frozen=True)
class Etape:
    """Une brique de la frise : `etat` vaut faite, encours ou avenir ; `part` (0 à 100) seulement pour le délai."""

    nom: str
    quand: str
    icone: str
    etat: str
    part: int | None = None


def frise(consultation: Consultation, bilan: Bilan, now: datetime, *, is_ouverte: bool) -> list[Etape]:
    """Les six étapes de la procédure, à cet instant (docs/procedure.md). Aucune date n'est devinée."""
    faites = _etapes_faites(consultation, now, is_ouverte=is_ouverte)
    cours = faites.index(False)
    transmise = consultation.transmise_le
    quand = (
        _jour(consultation.arrete_le),
        _jour(jour_a_paris(transmise) if transmise else None),
        f"jusqu’au {jour_court(bilan.echeance)}" if bilan.echeance else "",
        "avec les réponses",
        _jour(consultation.approuve_le) or "par le vote",
        "en mairie et ici",
    )
    avance = _avance(transmise, bilan.borne, now) if is_ouverte else None
    return [
        Etape(
            nom=nom,
            quand=quand[i],
            icone=icone,
            etat="faite" if faites[i] else "encours" if i == cours else "avenir",
            part=avance if i == cours == 2 else None,
        )
        for i, (nom, icone) in enumerate(ETAPES)
    ]


def _etapes_faites(consultation: Consultation, now: datetime, *, is_ouverte: bool) -> list[bool]:
    """Une étape est faite si sa date est passée ; la mise à disposition, dernière, dure."""
    is_transmise = consultation.transmise_le is not None and consultation.transmise_le <= now
    is_approuvee = consultation.approuve_le is not None and consultation.approuve_le <= jour_a_paris(now)
    is_arretee = is_transmise or consultation.arrete_le is not None
    return [is_arretee, is_transmise, is_transmise and not is_ouverte, is_approuvee, is_approuvee, False]


def _jour(jour: date | None) -> str:
    return jour_court(jour) if jour else ""


def _avance(debut: datetime | None, fin: datetime | None, now: datetime) -> int | None:
    if debut is None or fin is None:
        return None
    return max(0, min(100, int(100 * (now - debut) / (fin - debut))))


AUCUNE: Mapping[UUID, Seance] = {}


@dataclass(frozen=True)
class Carte:
    """Une instance dans la grille : son état, une phrase datée, des étiquettes à côté, jamais à la place."""

    nom: str
    genre: str
    icone: str
    etat: Etat
    adresse: str
    phrase: str
    etiquettes: tuple[str, ...]


def carte(
    saisine: Saisine,
    now: datetime,
    commences: frozenset[UUID] = frozenset(),
    seances: Mapping[UUID, Seance] = AUCUNE,
) -> Carte:
    """La carte d'une saisine annotée par `queries.etats` ; `seances` : celles annoncées par les instances."""
    etat = Etat(saisine.etat)  # type: ignore[attr-defined]
    annoncee = annonce(saisine, seances)
    return Carte(
        nom=saisine.instance.nom,
        genre=saisine.instance.get_type_display(),
        icone=ICONES[Instance.Type(saisine.instance.type)],
        etat=etat,
        adresse=_adresse(saisine, etat),
        phrase="Votre projet d’avis est en cours"
        if etat == Etat.EN_ATTENTE and saisine.pk in commences
        else phrase_d_etat(saisine, etat),
        etiquettes=(*etiquettes(saisine, etat, now), *([annoncee] if annoncee else [])),
    )


def _adresse(saisine: Saisine, etat: Etat) -> str:
    slug = saisine.consultation.slug
    if etat in EXPRIMES and etat != Etat.REPONDU:
        return reverse("consultations:avis", args=[slug, saisine.avis_en_vigueur_id])  # type: ignore[attr-defined]
    return reverse("consultations:saisine", args=[slug, saisine.pk])


COURRIEL_ACCEPTE = "Courriel accepté, sans retour"


def phrase_d_etat(saisine: Saisine, etat: Etat) -> str:
    """Une date, ou la raison de l'état, en une phrase."""
    recu_le: datetime | None = saisine.recu_le  # type: ignore[attr-defined]
    if etat == Etat.SANS_OBJET and saisine.remplacee_le:
        return f"Remplacée le {jour_court(jour_a_paris(saisine.remplacee_le))}"
    if etat == Etat.SANS_OBJET and saisine.retiree_le and not saisine.motif_sans_objet:
        return f"Retirée le {jour_court(jour_a_paris(saisine.retiree_le))}"
    if etat in EXPRIMES and recu_le:
        return f"Reçu le {jour_court(jour_a_paris(recu_le))}"
    return {
        Etat.EN_ATTENTE: f"Peut répondre jusqu’au {jour_court(saisine.echeance)}",
        Etat.REPUTE_FAVORABLE: f"Sans réponse le {jour_court(saisine.echeance)}",
        Etat.NON_SAISIE: COURRIEL_ACCEPTE if is_bientot_prouvee(saisine) else "Réception pas encore prouvée",
        Etat.SANS_OBJET: saisine.motif_sans_objet or "Partenaire : peut contribuer",
    }.get(etat, "")


@dataclass(frozen=True)
class Geste:
    """Un bouton de l'en-tête."""

    adresse: str
    texte: str


def gestes(saisines: Sequence[Saisine]) -> list[Geste]:
    """Ce qu'une personne mandatée peut faire de ses saisines ouvertes, celles sans réponse d'abord."""
    a_moi = sorted(saisines, key=lambda s: s.etat in EXPRIMES)  # type: ignore[attr-defined]
    return [_geste(s, is_seule=len(a_moi) == 1) for s in a_moi]


def _geste(saisine: Saisine, *, is_seule: bool) -> Geste:
    slug = saisine.consultation.slug
    de_qui = noms_de(saisine.instance).de_mon if is_seule else f": {saisine.instance.nom}"
    if saisine.etat in EXPRIMES:  # type: ignore[attr-defined]
        adresse = reverse("consultations:avis", args=[slug, saisine.avis_en_vigueur_id])  # type: ignore[attr-defined]
        return Geste(adresse, f"Relire l’avis {de_qui}")
    return Geste(reverse("consultations:projet", args=[slug, saisine.pk]), f"Donner l’avis {de_qui}")


def pas(saisine: Saisine, rang: int) -> list[dict[str, str]]:
    """Les quatre pas du dépôt, `rang` (1 à 4) en cours ; un pas fait est un lien."""
    args = [saisine.consultation.slug, saisine.pk]
    projet = reverse("consultations:projet", args=args)
    adresses = [
        f"{projet}?etape=sens",
        f"{projet}?etape=observations",
        reverse("consultations:avis_deposer", args=args),
    ]
    noms = ("La réponse", "Vos demandes", "La relecture", "Le reçu")
    return [
        {
            "nom": nom,
            "etat": "faite" if n < rang else "encours" if n == rang else "avenir",
            "adresse": adresses[n - 1] if n < rang else "",
        }
        for n, nom in enumerate(noms, 1)
    ]


def phrase_du_bilan(bilan: Bilan) -> str:
    """« 7 réponses reçues sur 14 attendues. Il en manque 7. » Une réception bientôt prouvée est attendue aussi."""
    s, attendues = "s" if bilan.exprimes > 1 else "", bilan.attendus + bilan.bientot
    debut = f"{bilan.exprimes} réponse{s} reçue{s} sur {attendues} attendue{'s' if attendues > 1 else ''}."
    if bilan.bientot:
        de_qui = f"{bilan.bientot} instances" if bilan.bientot > 1 else "une instance"
        return f"{debut} Réception bientôt prouvée pour {de_qui}."
    if bilan.en_attente:
        return f"{debut} Il en manque {bilan.en_attente}."
    if bilan.silences:
        return f"{debut} {bilan.silences} sans réponse : la loi fait comme si c’était oui."
    return debut


def legende(bilan: Bilan) -> list[tuple[Etat, int]]:
    """Les états présents, et « réputé favorable » toujours : la page l'explique."""
    return [(e, bilan.par_etat.get(e, 0)) for e in Etat if e in bilan.par_etat or e == Etat.REPUTE_FAVORABLE]


@dataclass(frozen=True)
class Filtre:
    """Un filtre de la liste des instances : un lien, avec son compte."""

    code: str
    nom: str
    icone: str
    combien: int
    annonce: str


def filtres(saisines: Sequence[Saisine]) -> list[Filtre]:
    """Toutes, communes, conseils citoyens, en attente."""
    lignes = (
        ("", "Toutes", "", "instance"),
        ("communes", "Communes", "landmark", "commune"),
        ("conseils", "Conseils citoyens", "users-round", "conseil citoyen,conseils citoyens"),
        ("attente", "En attente", "", "instance en attente,instances en attente"),
    )
    return [Filtre(c, nom, icone, len(filtrer(saisines, c)), annonce) for c, nom, icone, annonce in lignes]


def filtrer(saisines: Iterable[Saisine], code: str) -> list[Saisine]:
    """Les saisines de ce filtre ; un code inconnu ne filtre rien."""
    if code == "communes":
        return [s for s in saisines if s.instance.type == Instance.Type.CONSEIL_MUNICIPAL]
    if code == "conseils":
        return [s for s in saisines if s.instance.type == Instance.Type.CONSEIL_CITOYEN]
    if code == "attente":
        return [s for s in saisines if s.etat == Etat.EN_ATTENTE]  # type: ignore[attr-defined]
    return list(saisines)

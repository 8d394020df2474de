"""Ce que lisent les pages : une requête nommée par page, et le contenu d'un avis, le même à la relecture et publié."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Prefetch
from django.utils.safestring import SafeString

from consultations.etats import Nature, Sens
from consultations.models import Avis, AvisQuerySet, Consultation, Observation, ObservationProjet, ProjetAvis, Saisine
from consultations.queries import etats, rang, saisines_de
from consultations.queries_reunion import AVEC_LEUR_INSTANCE, Rejointe, avec_un_avis, rejointes_de
from consultations.reunion import Reunion, reunion_de
from consultations.saisies import SaisieObservation
from participation.common.canonique import empreinte_de
from participation.common.html import texte_simple
from participation.comptes.models import Utilisateur
from participation.comptes.permissions import mandats_en_cours
from participation.pieces.models import PieceJointe
from participation.rapports.models import Section, Version

MOTS_DU_SENS = {
    Sens.FAVORABLE: "D’accord",
    Sens.FAVORABLE_OBSERVATIONS: "D’accord, avec des remarques",
    Sens.FAVORABLE_RESERVES: "D’accord, à condition que…",
    Sens.DEFAVORABLE: "Pas d’accord",
    Sens.NE_SE_PRONONCE_PAS: "Nous ne choisissons pas",
}
"""Les mots des habitants pour chaque sens (DESIGN.md §3) ; le mot de droit est toujours à côté."""

ENSEMBLE = "L’ensemble du rapport"


@dataclass(frozen=True)
class Demande:
    """Une observation, telle qu'on la lit."""

    rang: int
    titre: str
    numero: str
    ancre: str
    nature: str
    texte: str
    demandee_par: int = 1

    @property
    def nature_lue(self) -> str:
        """« Question », « Correction », « Ajout » ou « Désaccord »."""
        return Nature(self.nature).label

    @property
    def reference(self) -> str:
        """« 2.3 Le Fonds de Cohésion Sociale »."""
        return f"{self.numero} {self.titre}".strip()

    @property
    def html(self) -> SafeString:
        """Le texte mot pour mot, échappé."""
        return texte_simple(self.texte)


@dataclass(frozen=True)
class Contenu:
    """Exactement ce qui se publie d'un avis : la relecture et la page de l'avis montrent le même objet."""

    sens: str
    texte: str
    demandes: Sequence[Demande]
    pieces: Sequence[PieceJointe]
    date_seance: date | None
    pour: int | None
    contre: int | None
    abstention: int | None
    reunion: Reunion
    rejointes: Sequence[Rejointe] = ()

    @property
    def mots(self) -> str:
        """La réponse dans les mots des habitants ; vide tant que rien n'est choisi, et pour un silence."""
        return MOTS_DU_SENS.get(Sens(self.sens), "") if self.sens else ""

    @property
    def html(self) -> SafeString:
        """Le texte d'ensemble mot pour mot, échappé."""
        return texte_simple(self.texte)

    @property
    def has_votes(self) -> bool:
        """Vrai si les trois comptes sont connus."""
        return None not in (self.pour, self.contre, self.abstention)

    def en_texte(self) -> str:
        """Tout le contenu en texte nu : à copier, à comparer, à ne jamais perdre."""
        lignes = [f"Réponse : {Sens(self.sens).label}"] if self.sens else []
        if self.date_seance:
            lignes.append(f"Séance du {self.date_seance:%d/%m/%Y}")
        if self.has_votes:
            lignes.append(f"Pour : {self.pour}. Contre : {self.contre}. Abstentions : {self.abstention}.")
        if self.texte:
            lignes += ["", self.texte]
        for demande in self.demandes:
            lignes += [
                "",
                f"Demande {demande.rang} : {demande.reference} ({demande.nature_lue.lower()})",
                demande.texte,
            ]
        for autre in self.rejointes:
            lignes += ["", f"Même demande que {autre.instance}", autre.texte]
        lignes += ["", *self.reunion.phrases]
        if self.reunion.minoritaire:
            lignes += ["", "Point de vue minoritaire", self.reunion.minoritaire]
        return "\n".join(lignes).strip()


def contenu_de(source: ProjetAvis | Avis) -> Contenu:
    """Le contenu d'un projet ou d'un avis, lu de la même façon. Deux ou trois requêtes, moins si préchargé."""
    observations: Iterable[ObservationProjet | Observation]
    if isinstance(source, ProjetAvis):
        observations = list(source.observations.all())
        pieces = list(source.pieces.all())
    else:
        observations = list(source.observations.all())
        pieces = [lien.piece for lien in source.pieces_liees.all()]
    return Contenu(
        sens=source.sens,
        texte=source.texte,
        demandes=[demande_lue(rang, o.section, o) for rang, o in enumerate(observations, 1)],
        pieces=sorted(pieces, key=lambda p: (p.ajoutee_le, p.pk)),
        date_seance=source.date_seance,
        pour=source.pour,
        contre=source.contre,
        abstention=source.abstention,
        reunion=reunion_de(source),
        rejointes=rejointes_de(source),
    )


def marque_du_projet(projet: ProjetAvis) -> str:
    """L'empreinte de ce que le projet publierait : la proposition de dépôt tombe dès qu'elle change."""
    contenu = contenu_de(projet)
    return empreinte_de({"texte": contenu.en_texte(), "pieces": [str(p.pk) for p in contenu.pieces]})


def demande_lue(
    rang: int, section: Section | None, source: ObservationProjet | Observation | SaisieObservation
) -> Demande:
    """Une observation gardée, publiée ou en train d'être tapée, telle qu'on la lit."""
    return Demande(
        rang=rang,
        titre=section.titre if section else ENSEMBLE,
        numero=section.numero if section else "",
        ancre=section.ancre if section else "",
        nature=source.nature,
        texte=source.texte,
        demandee_par=getattr(source, "demandee_par", 1),
    )


def premiere_partie(version: Version) -> str:
    """L'ancre de la première partie qui a un texte ; vide si aucune n'en a. Une requête."""
    ancres = version.sections.exclude(texte="").order_by("ordre").values_list("ancre", flat=True)
    return ancres.first() or ""


def projet_de(saisine: Saisine) -> ProjetAvis:
    """Le projet d'avis, ou un projet vide pas encore écrit. À ne lire qu'après `can_lire_projet` (règle 21)."""
    rejointes = Prefetch("rejointes", Observation.objects.select_related(*AVEC_LEUR_INSTANCE))
    projets = ProjetAvis.objects.select_related("propose_par").filter(saisine=saisine)
    projets = projets.prefetch_related("observations__section", "pieces", rejointes)
    projet = projets.first() or ProjetAvis(saisine=saisine)
    projet.saisine = saisine
    return projet


def saisines_rangees(consultation: Consultation, miennes: frozenset[UUID], now: datetime) -> list[Saisine]:
    """Les saisines en vigueur, annotées : celles de la personne, puis les communes, puis les conseils."""
    lignes = list(saisines_de(consultation, now))
    return sorted(
        lignes,
        key=lambda s: (s.instance_id not in miennes, rang(s.instance)),
    )


def saisine_lue(consultation: Consultation, pk: UUID, now: datetime) -> Saisine | None:
    """Une saisine de cette consultation, annotée de son état, avec tout ce que sa fiche de preuve montre."""
    lignes = consultation.saisines.select_related("consultation", "instance__commune", "version__rapport")
    return etats(lignes, now).filter(pk=pk).first()


def avis_lus() -> AvisQuerySet:
    """Les avis avec tout ce que montre leur page : neuf requêtes au plus."""
    return Avis.objects.select_related(
        "saisine__consultation", "saisine__instance__commune", "saisine__version__rapport", "remplace", "remplacant"
    ).prefetch_related(*avec_un_avis(), "complements__piece")


def nouvelle_saisine(saisine: Saisine) -> Saisine | None:
    """Celle qui remplace, si le projet a été transmis de nouveau (règle 1). Une requête, ou aucune."""
    if saisine.remplacee_le is None:
        return None
    return saisine.consultation.saisines.en_vigueur().filter(instance=saisine.instance_id).first()


def instances_de(personne: object, now: datetime) -> frozenset[UUID]:
    """Les instances où cette personne a un mandat en cours ; vide pour un anonyme. Une requête au plus."""
    if not isinstance(personne, Utilisateur):
        return frozenset()
    return frozenset(mandats_en_cours(personne, now).values_list("instance_id", flat=True))


def projets_commences(saisines: Iterable[Saisine], miennes: frozenset[UUID]) -> frozenset[UUID]:
    """Parmi ces saisines, celles de la personne dont le projet est commencé (règle 21 : les siennes seulement)."""
    a_moi = [s.pk for s in saisines if s.instance_id in miennes]
    if not a_moi:
        return frozenset()
    return frozenset(ProjetAvis.objects.filter(saisine__in=a_moi, v__gt=0).values_list("saisine_id", flat=True))


def saisines_par_consultation(consultations: Iterable[Consultation], now: datetime) -> dict[UUID, list[Saisine]]:
    """Les saisines en vigueur et annotées de plusieurs consultations : une requête."""
    lignes = etats(Saisine.objects.en_vigueur().filter(consultation__in=list(consultations)), now)
    par_consultation: dict[UUID, list[Saisine]] = defaultdict(list)
    for saisine in lignes.select_related("instance", "consultation"):
        par_consultation[saisine.consultation_id].append(saisine)
    return par_consultation

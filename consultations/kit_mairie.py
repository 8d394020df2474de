"""Le kit de la mairie : un projet de délibération et une note de synthèse, à reprendre au traitement de texte (ODT).

Ce que le site sait est écrit ; ce que la mairie seule sait est encadré « À COMPLÉTER ». La règle 15 dit ce qu'est
l'avis d'une commune ; la règle 19, que son modèle vise l'avis de ses conseils citoyens.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from consultations.etats import Etat, Fondement, Sens
from consultations.models import Avis, Saisine
from consultations.queries_pages import Demande
from consultations.rules import PHRASES_DU_SILENCE
from participation.common.dates import jour_a_paris, jour_long
from participation.common.odt import Redaction
from participation.territoires.models import Epci

VARIANTES = {
    Sens.FAVORABLE: "DONNE un avis favorable sur ce projet de rapport.",
    Sens.FAVORABLE_OBSERVATIONS: "DONNE un avis favorable sur ce projet, avec les observations de l’article 2.",
    Sens.FAVORABLE_RESERVES: "DONNE un avis favorable sur ce projet de rapport, sous les réserves de l’article 2.",
    Sens.DEFAVORABLE: "DONNE un avis défavorable sur ce projet de rapport, pour les motifs de l’article 2.",
    Sens.NE_SE_PRONONCE_PAS: "NE SE PRONONCE PAS sur ce projet de rapport.",
}
"""Le dispositif selon le sens (règle 14)."""


@dataclass(frozen=True)
class ConseilVise:
    """Un conseil citoyen de la commune : son état, et son avis si cette personne peut le lire (règle 19)."""

    saisine: Saisine
    etat: Etat
    avis: Avis | None
    demandes: Sequence[Demande] = ()

    @property
    def visa(self) -> str:
        """Le visa tout prêt ; vide si rien ne peut encore être visé."""
        nom = self.saisine.instance
        if self.avis and not self.avis.is_silence:
            recu = f", reçu le {jour_long(jour_a_paris(self.avis.recu_le))}" if self.avis.recu_le else ""
            return f"Vu l’avis « {self.avis.get_sens_display().lower()} » : {nom}, avis n° {self.avis.numero}{recu} ;"
        if self.etat == Etat.REPUTE_FAVORABLE:
            jour = jour_long(self.saisine.echeance)
            return f"Vu l’avis réputé favorable : {nom}, faute de réponse jusqu’au {jour} inclus ;"
        return ""

    @property
    def manque(self) -> str:
        """Ce que la mairie aura à ajouter si le conseil répond avant elle ; vide si rien n'est attendu."""
        if self.visa or self.etat not in {Etat.EN_ATTENTE, Etat.REPONDU, Etat.NON_SAISIE}:
            return ""
        return f"l’avis de {self.saisine.instance}, s’il est rendu avant la séance"


@dataclass(frozen=True)
class Kit:
    """Tout ce que les deux documents disent."""

    saisine: Saisine
    epci: Epci
    conseils: Sequence[ConseilVise]
    adresse: str
    """L'adresse entière où la commune dépose."""

    @property
    def instant(self) -> datetime:
        """La date du document : le dernier fait qu'il cite, jamais l'heure du téléchargement."""
        faits = [self.saisine.transmise_le, *(c.avis.inscrit_le for c in self.conseils if c.avis)]
        return max(faits)

    @property
    def annee(self) -> int:
        """L'année du rapport."""
        return int(self.saisine.version.rapport.annee)

    @property
    def agglomeration(self) -> str:
        """Le nom de l'agglomération, ou ce qui l'appelle."""
        return self.epci.nom or "l’agglomération"


def en_odt(kit: Kit) -> bytes:
    """Les octets du kit : mêmes données, mêmes octets."""
    commune = str(kit.saisine.instance)
    redaction = Redaction(f"Projet de délibération et note de synthèse : {commune}", instant=kit.instant)
    _mode_d_emploi(redaction, kit)
    _deliberation(redaction, kit)
    redaction.saut_de_page()
    _note(redaction, kit)
    return redaction.octets()


def _mode_d_emploi(redaction: Redaction, kit: Kit) -> None:
    redaction.titre(1, "Avis sur le rapport « politique de la ville » : le kit de la mairie")
    if kit.saisine.consultation.is_demonstration:
        redaction.paragraphe("Démonstration : un essai, à ne pas remettre.")
    redaction.paragraphe(
        "Ce document a deux parties : un projet de délibération, puis une note de synthèse pour les élus.\n"
        "Les lignes encadrées « À COMPLÉTER » sont à remplir par la mairie. Le reste est déjà rempli.\n"
        "Effacez cette page avant d’inscrire le projet à l’ordre du jour."
    )
    redaction.faits(
        [
            ("Dernier jour pour déposer l’avis", f"{jour_long(kit.saisine.echeance)}, journée comprise"),
            ("Où déposer", kit.adresse),
            ("À donner au dépôt", "la date du vote, le sens, les voix pour, contre et les abstentions"),
            ("À compléter après", "le numéro de la délibération, sa réception en préfecture, le document signé"),
            ("Une lettre du maire sans délibération", "elle est gardée comme un courrier ; ce n’est pas un avis"),
        ]
    )
    redaction.saut_de_page()


def _deliberation(redaction: Redaction, kit: Kit) -> None:
    saisine = kit.saisine
    redaction.titre(1, "Projet de délibération")
    redaction.faits([("Commune", str(saisine.instance))])
    redaction.a_completer("date et lieu de la séance ; date de la convocation")
    redaction.a_completer("nombre de membres en exercice, présents, représentés, votants ; secrétaire de séance")
    redaction.a_completer("rapporteur")
    redaction.paragraphe(
        f"Objet : avis de la commune sur le projet de rapport {kit.annee} relatif à la mise en œuvre "
        f"de la politique de la ville, présenté par {kit.agglomeration}"
    )
    redaction.titre(2, "Visas")
    redaction.paragraphe("\n".join(_visas(kit)))
    for conseil in kit.conseils:
        if conseil.manque:
            redaction.a_completer(f"Vu {conseil.manque}")
    redaction.a_completer("autres visas de la commune, s’il y en a")
    redaction.titre(2, "Considérants")
    redaction.paragraphe(
        f"Considérant que la commune est consultée sur ce projet jusqu’au {jour_long(saisine.echeance)} inclus ;\n"
        f"Considérant que son avis, comme ceux des autres instances, est annexé au rapport ;"
    )
    redaction.a_completer("autres considérants, s’il y en a")
    _dispositif(redaction, kit)


def _visas(kit: Kit) -> list[str]:
    consultation, version = kit.saisine.consultation, kit.saisine.version
    visas = ["Vu le code général des collectivités territoriales, notamment son article L. 1111-2 ;"]
    visas.append("Vu le décret n° 2015-1118 du 3 septembre 2015 ;")
    if consultation.arrete_le:
        numero = f" n° {consultation.deliberation}" if consultation.deliberation else ""
        visas.append(
            f"Vu la délibération{numero} du {jour_long(consultation.arrete_le)} de {kit.agglomeration}, "
            "qui arrête le projet de rapport et fixe les modalités de la consultation ;"
        )
    transmis = jour_long(jour_a_paris(kit.saisine.transmise_le))
    visas.append(
        f"Vu le projet de rapport « {version.titre_lu} », version {version.numero}, transmis le {transmis} "
        f"(empreinte SHA-256 {version.empreinte}) ;"
    )
    return visas + [conseil.visa for conseil in kit.conseils if conseil.visa]


def _dispositif(redaction: Redaction, kit: Kit) -> None:
    redaction.titre(2, "Le conseil municipal, après en avoir délibéré")
    redaction.titre(3, "Article 1 : le sens de l’avis")
    redaction.a_completer("garder une seule des cinq lignes qui suivent, effacer les autres")
    for phrase in VARIANTES.values():
        redaction.paragraphe(f"☐ {phrase}")
    redaction.titre(3, "Article 2 : les observations")
    for rang in (1, 2, 3):
        redaction.a_completer(
            f"observation {rang} : la partie du rapport ; question, correction, ajout ou désaccord ; le texte"
        )
    redaction.titre(3, "Article 3 : la suite")
    redaction.paragraphe(
        f"CHARGE le maire de transmettre cet avis à {kit.agglomeration} avant la fin du "
        f"{jour_long(kit.saisine.echeance)}."
    )
    redaction.titre(2, "Vote")
    for voix in ("pour", "contre", "abstentions"):
        redaction.a_completer(f"{voix} : nombre de voix")
    redaction.a_completer("fait à, le ; signature du maire et du secrétaire de séance")
    redaction.a_completer("après le vote : numéro de la délibération, date de réception en préfecture")


def _note(redaction: Redaction, kit: Kit) -> None:
    saisine, consultation = kit.saisine, kit.saisine.consultation
    redaction.titre(1, "Note de synthèse")
    redaction.paragraphe(f"Pour les membres du conseil municipal. Commune : {saisine.instance}.")
    redaction.titre(2, "Ce qui est demandé")
    redaction.paragraphe(
        f"Chaque année, {kit.agglomeration} écrit un rapport sur la politique de la ville. La commune donne son avis "
        f"sur le projet, par une délibération."
    )
    for libelle, texte in consultation.cadre:
        redaction.faits([(libelle, texte)])
    redaction.titre(2, "Le calendrier")
    faits = [("Projet arrêté le", consultation.arrete_le), ("Projet publié le", consultation.publie_le)]
    redaction.faits([(nom, jour_long(jour) if jour else "") for nom, jour in faits])
    redaction.faits(
        [
            ("Transmis à la commune le", jour_long(jour_a_paris(saisine.transmise_le))),
            ("Dernier jour pour répondre", f"{jour_long(saisine.echeance)}, journée comprise"),
        ]
    )
    redaction.titre(2, "Ce que fait le silence")
    redaction.paragraphe(PHRASES_DU_SILENCE[Fondement(saisine.fondement)])
    _parties(redaction, kit)
    _ce_que_disent_les_conseils(redaction, kit)
    redaction.titre(2, "Ce que la commune peut répondre")
    redaction.paragraphe("\n".join(f"{sens.label} : le conseil {phrase}" for sens, phrase in VARIANTES.items()))
    redaction.a_completer("la proposition du maire, et pourquoi")


def _parties(redaction: Redaction, kit: Kit) -> None:
    redaction.titre(2, "Le projet de rapport, en clair")
    for section in kit.saisine.version.sections.order_by("ordre"):
        if section.niveau <= 2 or section.en_clair:
            redaction.titre(3, str(section))
            redaction.paragraphe(section.en_clair)
    redaction.paragraphe(f"Le texte entier se lit ici : {kit.adresse.partition('saisines/')[0]}rapport/")


def _ce_que_disent_les_conseils(redaction: Redaction, kit: Kit) -> None:
    redaction.titre(2, "Ce que disent les conseils citoyens de la commune")
    if not kit.conseils:
        redaction.paragraphe("Aucun conseil citoyen de la commune n’est consulté.")
    for conseil in kit.conseils:
        redaction.titre(3, str(conseil.saisine.instance))
        is_lu = conseil.avis is not None and not conseil.avis.is_silence
        redaction.faits([("Où il en est", conseil.avis.get_sens_display() if conseil.avis else conseil.etat.label)])
        redaction.paragraphe(conseil.avis.texte if conseil.avis and is_lu else "")
        for demande in conseil.demandes:
            redaction.paragraphe(f"{demande.rang}. {demande.reference} ({demande.nature_lue.lower()})\n{demande.texte}")

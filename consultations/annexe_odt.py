"""L'annexe en ODT, depuis les mêmes données que le PDF (règle 18) : elle s'ouvre partout, même sans pango."""

from consultations.annexe import Annexe, LigneAnnexe
from participation.common.dates import echeance_longue, instant_long, jour_long
from participation.common.odt import Redaction
from participation.common.templatetags.maison import pluriel

ENTETES = ("Instance", "Avis", "Date de l'avis", "Projet remis le", "Fondement")


def en_odt(annexe: Annexe) -> bytes:
    """Les octets de l'annexe : mêmes données, mêmes octets."""
    redaction = Redaction(f"Annexe : {annexe.consultation.titre}", instant=annexe.instant)
    _couverture(redaction, annexe)
    redaction.titre(2, "1. Vue d'ensemble")
    redaction.paragraphe("\n".join(f"{etat.label} : {n}" for etat, n in annexe.comptes))
    redaction.tableau("Toutes les instances", ENTETES, [_rang(ligne) for ligne in annexe.lignes])
    redaction.titre(2, "2. Les avis, un par un")
    for ligne in annexe.exprimes:
        _avis(redaction, ligne)
    redaction.titre(2, "3. Les silences")
    for ligne in annexe.silences:
        redaction.titre(3, str(ligne.saisine.instance))
        inscrit = instant_long(ligne.avis.inscrit_le) if ligne.avis else ""
        redaction.faits([("Date légale", echeance_longue(ligne.saisine.echeance)), ("Inscrit au registre le", inscrit)])
        redaction.paragraphe(f"Aucun avis n'a été reçu dans le délai. {ligne.phrase_du_silence}")
    redaction.titre(2, "4. Les autres instances")
    redaction.paragraphe("\n".join(f"{li.saisine.instance} : {li.etat.label}" for li in annexe.autres))
    return redaction.octets()


def _couverture(redaction: Redaction, annexe: Annexe) -> None:
    consultation, acte = annexe.consultation, annexe.dernier_acte
    redaction.titre(1, "Avis des communes et des conseils citoyens")
    if annexe.is_provisoire:
        redaction.paragraphe("Document provisoire : le procès-verbal de clôture n'est pas signé.")
    if consultation.is_demonstration:
        redaction.paragraphe("Démonstration : avis inventés.")
    redaction.faits(
        [
            ("Rapport", consultation.version.titre_lu),
            ("Projet arrêté le", jour_long(consultation.arrete_le) if consultation.arrete_le else ""),
            ("Avis reçus jusqu'au", echeance_longue(consultation.echeance) if consultation.echeance else ""),
            ("Textes", "CGCT, article L. 1111-2 ; décret n° 2015-1118 du 3 septembre 2015"),
            ("Empreinte du texte transmis", consultation.version.empreinte),
            ("Dernier acte", f"entrée n° {acte.n}, {instant_long(acte.inscrit_le)}" if acte else ""),
            ("Empreinte de cet acte", acte.empreinte if acte else ""),
        ]
    )


def _rang(ligne: LigneAnnexe) -> list[str]:
    return [
        str(ligne.saisine.instance),
        ligne.etat.label,
        f"{ligne.date:%d/%m/%Y}" if ligne.date else "–",
        f"{ligne.remise:%d/%m/%Y}" if ligne.remise else "non prouvée",
        ligne.saisine.get_fondement_display(),
    ]


def _avis(redaction: Redaction, ligne: LigneAnnexe) -> None:
    avis = ligne.avis
    if avis is None:
        return
    redaction.titre(3, str(ligne.saisine.instance))
    abstentions = pluriel(avis.abstention or 0, "abstention")
    votes = f"{avis.pour} pour, {avis.contre} contre, {abstentions}" if avis.pour is not None else ""
    redaction.faits(
        [
            ("Réponse", ligne.etat.label),
            ("Reçu le", instant_long(avis.recu_le) if avis.recu_le else ""),
            ("Séance ou réunion du", jour_long(avis.date_seance) if avis.date_seance else ""),
            ("Votes", votes),
            ("Numéro", avis.numero),
            ("Empreinte SHA-256", avis.empreinte),
        ]
    )
    redaction.paragraphe(avis.texte)
    for observation in ligne.observations:
        partie = observation.section or "Ensemble du rapport"
        redaction.titre(4, f"Observation {observation.ordre}, {observation.get_nature_display().lower()}. {partie}")
        redaction.paragraphe(observation.texte)
    for piece in ligne.pieces:
        redaction.paragraphe(f"Pièce jointe : {piece.piece.nom}, SHA-256 {piece.piece.empreinte}")

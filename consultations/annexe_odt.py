"""L'annexe en ODT, depuis les mêmes données que le PDF (règle 18) : elle s'ouvre partout, même sans pango."""

from consultations.annexe import Annexe, LigneAnnexe
from consultations.etats import TypeActe
from consultations.models import Acte, Contribution
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
        suite = " Vérification du courrier en cours." if annexe.is_provisoire else ""
        redaction.paragraphe(f"Aucun avis n'a été reçu dans le délai. {ligne.phrase_du_silence}{suite}")
    redaction.titre(2, "4. Les autres instances")
    redaction.paragraphe("\n".join(f"{li.saisine.instance} : {li.etat.label}" for li in annexe.autres))
    _a_cote(redaction, annexe)
    return redaction.octets()


def _a_cote(redaction: Redaction, annexe: Annexe) -> None:
    if annexe.contributions:
        redaction.titre(2, "5. Reçu sans être un avis")
    for contribution in annexe.contributions:
        _contribution(redaction, contribution)
    if annexe.rectificatifs:
        redaction.titre(2, "6. Les rectificatifs")
    for acte in annexe.rectificatifs:
        redaction.titre(3, f"Rectificatif n° {acte.effets['rang']}")
        partie = acte.effets["section"] or "ensemble du rapport"
        signe = f"{instant_long(acte.signe_le)}, acte n° {acte.n}"
        redaction.faits([("Signé le", signe), ("Partie", partie), ("Motif", acte.motif)])
        redaction.paragraphe(acte.effets["texte"])
    if annexe.actes:
        redaction.titre(2, "7. Les actes signés")
        redaction.paragraphe("\n".join(_acte(acte) for acte in annexe.actes))


def _contribution(redaction: Redaction, contribution: Contribution) -> None:
    redaction.titre(3, str(contribution.saisine.instance))
    redaction.faits(
        [
            ("Nature", contribution.get_type_display()),
            ("Reçu le", f"{instant_long(contribution.recu_le)}, par {contribution.get_canal_display().lower()}"),
            ("Saisi par un agent le", instant_long(contribution.inscrit_le)),
            ("Motif de la saisie", contribution.motif),
            ("Réponse écrite", contribution.get_sens_display()),
            ("Preuve", f"{contribution.piece.nom}, SHA-256 {contribution.piece.empreinte}"),
        ]
    )
    redaction.paragraphe(contribution.texte)


def _acte(acte: Acte) -> str:
    effet = f" : dernier jour {acte.effets['echeance']}" if acte.type == TypeActe.REPORT else ""
    fondement = f". Décidé par : {acte.fondement}" if acte.fondement else ""
    motif = f". {acte.motif}" if acte.motif else ""
    return f"Acte n° {acte.n}, {acte.get_type_display()}, {instant_long(acte.signe_le)}{effet}{fondement}{motif}"


def _saisie(ligne: LigneAnnexe) -> list[tuple[str, str]]:
    """Ce que dit un avis reçu hors de la plateforme, et ce qui l'a complété (règles 11, 15)."""
    faits = []
    if ligne.is_saisi and ligne.avis:
        canal = ligne.avis.get_canal_display()
        faits = [("Canal", canal), ("Saisi par un agent le", instant_long(ligne.avis.inscrit_le))]
        faits.append(("Motif de la saisie", ligne.avis.motif_saisie))
    for complement in ligne.complements:
        recue = f"reçue en préfecture le {jour_long(complement.prefecture_le)}" if complement.prefecture_le else ""
        document = f"SHA-256 {complement.piece.empreinte}" if complement.piece else ""
        dit = [d for d in (complement.deliberation, recue, document) if d]
        faits.append(("Délibération", f"{', '.join(dit)} (ajouté le {instant_long(complement.inscrit_le)})"))
    return faits


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
            *_saisie(ligne),
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

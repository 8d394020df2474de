"""L'annexe en ODT, depuis les mêmes données que le PDF (règle 18) : elle s'ouvre partout, même sans pango."""

from consultations.annexe import Annexe, LigneAnnexe
from consultations.circuit import Jalon
from consultations.models import Acte, Avis, Contribution
from participation.common.dates import echeance_longue, instant_long, jour_a_paris, jour_long
from participation.common.odt import Redaction
from participation.common.templatetags.maison import pluriel

ENTETES = ("Instance", "Avis", "Date de l'avis", "Projet remis le", "Fondement")


def en_odt(annexe: Annexe) -> bytes:
    """Les octets de l'annexe : mêmes données, mêmes octets."""
    redaction = Redaction(f"Annexe : {annexe.consultation.titre}", instant=annexe.instant)
    _couverture(redaction, annexe)
    _procedure(redaction, annexe)
    redaction.titre(2, "3. Vue d'ensemble")
    redaction.paragraphe("\n".join(f"{etat.label} : {n}" for etat, n in annexe.comptes))
    redaction.tableau("Toutes les instances", ENTETES, [_rang(ligne) for ligne in annexe.lignes])
    redaction.titre(2, "4. Les avis, un par un")
    for ligne in annexe.exprimes:
        _avis(redaction, ligne)
    redaction.titre(2, "5. Les silences")
    for ligne in annexe.silences:
        redaction.titre(3, str(ligne.saisine.instance))
        inscrit = instant_long(ligne.avis.inscrit_le) if ligne.avis else ""
        redaction.faits([("Date légale", echeance_longue(ligne.saisine.echeance)), ("Inscrit au registre le", inscrit)])
        suite = " Vérification du courrier en cours." if annexe.is_provisoire else ""
        redaction.paragraphe(f"Aucun avis n'a été reçu dans le délai. {ligne.phrase_du_silence}{suite}")
        redaction.paragraphe("\n".join(ligne.mentions))
    redaction.titre(2, "6. Les autres instances")
    redaction.paragraphe("\n".join(_autre(ligne) for ligne in annexe.autres) or "Aucune.")
    _a_cote(redaction, annexe)
    return redaction.octets()


def _autre(ligne: LigneAnnexe) -> str:
    """Une instance sans avis ni silence, et pourquoi."""
    retiree = ligne.saisine.retiree_le
    retrait = f"Retirée le {jour_long(jour_a_paris(retiree))} par un acte signé." if retiree else ""
    dits = (f"{ligne.saisine.instance} : {ligne.etat.label}.", ligne.saisine.motif_sans_objet, retrait, *ligne.mentions)
    return " ".join(dit for dit in dits if dit)


def _a_cote(redaction: Redaction, annexe: Annexe) -> None:
    redaction.titre(2, "7. Avis donnés avant une nouvelle transmission")
    redaction.paragraphe("" if annexe.anciens else "Aucun.")
    for ligne in annexe.anciens:
        _avis(redaction, ligne)
    redaction.titre(2, "8. Reçu sans être un avis")
    redaction.paragraphe("" if annexe.contributions else "Rien.")
    for contribution in annexe.contributions:
        _contribution(redaction, contribution)
    redaction.titre(2, "9. Les rectificatifs")
    redaction.paragraphe("" if annexe.rectificatifs else "Aucun.")
    for acte in annexe.rectificatifs:
        _rectificatif(redaction, acte)
    redaction.titre(2, "10. Les actes signés")
    redaction.paragraphe("\n".join(signe.phrase for signe in annexe.signes) or "Aucun.")


def _rectificatif(redaction: Redaction, acte: Acte) -> None:
    redaction.titre(3, f"Rectificatif n° {acte.effets['rang']}")
    partie = acte.effets["section"] or "ensemble du rapport"
    signe = f"{instant_long(acte.signe_le)}, acte n° {acte.n}"
    redaction.faits([("Signé le", signe), ("Partie", partie), ("Motif", acte.motif)])
    redaction.paragraphe(acte.effets["texte"])


def _contribution(redaction: Redaction, contribution: Contribution) -> None:
    redaction.titre(3, str(contribution.saisine.instance))
    redaction.faits(
        [
            ("Nature", contribution.get_type_display()),
            ("Reçu le", f"{instant_long(contribution.recu_le)}, par {contribution.get_canal_display().lower()}"),
            ("Saisi par un agent le", instant_long(contribution.inscrit_le)),
            ("Motif de la saisie", contribution.motif),
            ("Réponse écrite", contribution.get_sens_display()),
            ("Empreinte de la preuve", contribution.piece.empreinte),
        ]
    )
    redaction.paragraphe(contribution.texte)


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
    consultation = annexe.consultation
    redaction.titre(1, "Avis des communes et des conseils citoyens")
    if annexe.is_provisoire:
        redaction.paragraphe("Document provisoire : le procès-verbal de clôture n'est pas signé.")
    if consultation.is_demonstration:
        redaction.paragraphe("Démonstration : avis inventés.")
    redaction.paragraphe(f"Annexe au rapport : {consultation.version.titre_lu}")


def _procedure(redaction: Redaction, annexe: Annexe) -> None:
    consultation, acte, reportees = annexe.consultation, annexe.dernier_acte, annexe.autres_echeances
    redaction.titre(2, "1. La procédure")
    redaction.faits(
        [
            *((j.nom, _jalon(j)) for j in annexe.jalons),
            ("Avis reçus jusqu'au", echeance_longue(consultation.echeance) if consultation.echeance else ""),
            *((str(li.saisine.instance), f"jusqu'au {echeance_longue(li.saisine.echeance)}") for li in reportees),
            ("Textes", "CGCT, article L. 1111-2 ; décret n° 2015-1118 du 3 septembre 2015"),
            ("Empreinte du texte transmis", consultation.version.empreinte),
            ("Dernier acte", f"entrée n° {acte.n}, {instant_long(acte.inscrit_le)}" if acte else ""),
            ("Empreinte de cet acte", acte.empreinte if acte else ""),
        ]
    )
    redaction.titre(2, "2. Ce que le rapport doit contenir")
    for point in annexe.points:
        ou = f" : {point.section}" if point.section else ""
        redaction.paragraphe(f"{point.nom}. {point.mot}{ou}. {point.explication}".strip())


def _jalon(jalon: Jalon) -> str:
    return " ".join([f"{jour_long(jalon.jour)}.", *jalon.precisions] if jalon.jour else jalon.precisions)


def _rang(ligne: LigneAnnexe) -> list[str]:
    return [
        str(ligne.saisine.instance),
        ligne.etat.label,
        f"{ligne.date:%d/%m/%Y}" if ligne.date else "–",
        _remise(ligne),
        ligne.saisine.get_fondement_display(),
    ]


def _remise(ligne: LigneAnnexe) -> str:
    if ligne.remise is None:
        return "non prouvée"
    return f"{ligne.remise:%d/%m/%Y}" + (", à moins d'un mois de l'échéance" if ligne.is_remise_tardive else "")


def _avec_les_autres(redaction: Redaction, avis: Avis) -> None:
    for lien in avis.ralliements.all():
        redaction.titre(4, f"Nous demandons la même chose que {lien.observation.avis.saisine.instance}")
        redaction.paragraphe(lien.observation.texte)
    if avis.minoritaire:
        redaction.titre(4, "Point de vue minoritaire")
        redaction.paragraphe(avis.minoritaire)


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
            ("La réunion", " ".join(avis.reunion.phrases)),
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
        if observation.demandee_par > 1:
            redaction.paragraphe(f"Demandé par {observation.demandee_par} instances.")
    _avec_les_autres(redaction, avis)
    for piece in ligne.pieces:
        redaction.paragraphe(f"Pièce jointe : {piece.piece.nom}, SHA-256 {piece.piece.empreinte}")

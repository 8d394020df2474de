"""Ce que montre un acte avant la signature : six lignes, les destinataires, chaque courriel (règle 22)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings
from django.utils.text import Truncator

from consultations import courriels, delais, rules
from consultations.etats import Etat, Fondement, TypeActe
from consultations.models import ActePrepare, Saisine
from consultations.queries import saisines_de
from participation.common.dates import echeance_longue, jour_long
from participation.gestion.presentation import nombrer, preparation
from participation.rapports.models import Version

TITRES = {
    TypeActe.TRANSMISSION: ("Transmettre", "Signer et transmettre"),
    TypeActe.REPORT: ("Reporter l'échéance", "Signer et reporter"),
    TypeActe.RECTIFICATIF: ("Joindre un rectificatif", "Signer et joindre"),
    TypeActe.RETRAIT: ("Retirer une instance", "Signer et retirer"),
    TypeActe.ANNULATION: ("Annuler la consultation", "Signer et annuler"),
    TypeActe.PROCES_VERBAL: ("Clore", "Signer et clore"),
    TypeActe.RETRANSMISSION: ("Transmettre un nouveau texte", "Signer et transmettre"),
    TypeActe.DORMANCE: ("Constater une instance dormante", "Signer le constat"),
    TypeActe.SANS_OBJET: ("Constater une saisine sans objet", "Signer le constat"),
}
Ecrire = Callable[[Saisine], tuple[str, str]]
NOMS = 4
"""Les instances nommées sur une ligne ; au-delà, leur compte."""
SILENCE_NUL = "Ce silence ne vaudra rien. Ce qui est déjà déposé reste."


@dataclass(frozen=True)
class Courriel:
    """Un courriel tel qu'il partira."""

    a: str
    sujet: str
    texte: str


@dataclass(frozen=True)
class Fiche:
    """Les lignes de l'acte. `manque` vide : rien ne manque."""

    quoi: Sequence[str]
    a_qui: str
    jusqu_a: str
    sans_reponse: Sequence[str]
    manque: Sequence[str] = ()
    destinataires: Sequence[str] = ()
    courriels: Sequence[Courriel] = field(default_factory=list)


def titre(type_acte: str) -> str:
    """Le titre de l'acte, à l'infinitif."""
    return TITRES[TypeActe(type_acte)][0]


def geste(type_acte: str) -> str:
    """Le texte du bouton qui signe."""
    return TITRES[TypeActe(type_acte)][1]


def fiche(prepare: ActePrepare, now: datetime) -> Fiche:
    """Ce que fera l'acte, lu à cet instant : un nombre constant de requêtes."""
    if prepare.type == TypeActe.TRANSMISSION:
        return _transmission(prepare, now)
    saisines = [s for s in saisines_de(prepare.consultation, now) if _is_visee(s, prepare)]
    return COMPOSER[TypeActe(prepare.type)](prepare, saisines, now)


def _is_visee(saisine: Saisine, prepare: ActePrepare) -> bool:
    if prepare.type == TypeActe.PROCES_VERBAL:
        return True
    voulues = prepare.parametres.get("saisines")
    is_attendue = not saisine.is_sans_objet and saisine.retiree_le is None
    return is_attendue and (not voulues or str(saisine.pk) in voulues)


def _transmission(prepare: ActePrepare, now: datetime) -> Fiche:
    consultation = prepare.consultation
    lu = preparation(consultation, now)
    simulation, arrete = lu["simulation"], consultation.arrete_le
    manque = [_manque(lu[cle], *phrases) for cle, *phrases in MANQUES if lu[cle]]
    if not simulation.is_legale:
        premiere = jour_long(simulation.plancher)
        manque.insert(0, f"Ce délai est trop court. La première date possible est le {premiere}.")
    elif not simulation.is_prudente:
        manque.append(f"Date légale, mais serrée : la lecture la plus longue irait au {jour_long(simulation.prudent)}.")
    manque += lu["manques"]
    saisies = [d for d in lu["destinataires"] if d.instance.is_installee]
    neuves = [
        Saisine(consultation=consultation, version=consultation.version, instance=d.instance, fondement=d.fondement,
                transmise_le=now, echeance=simulation.echeance, borne=simulation.borne)
        for d in saisies
    ]  # fmt: skip
    return Fiche(
        quoi=[f"{consultation.version}{f', arrêté le {jour_long(arrete)}' if arrete else ''}.", *_qui_lit(prepare)],
        a_qui=lu["a_qui"] or "À personne : aucune instance n'est cochée.",
        jusqu_a=f"{jour_long(simulation.echeance)}, journée comprise",
        sans_reponse=_silences(neuves),
        manque=manque,
        destinataires=[_nom(d.instance.nom, d.instance.is_installee, d.has_courriel) for d in lu["destinataires"]],
        courriels=[_a_venir(s) for s in neuves],
    )


MANQUES = (
    ("non_installees", "instance pas encore installée, sans objet", "instances pas encore installées, sans objet"),
    ("injoignables", *["sans adresse de courriel ; prévoyez un récépissé"] * 2),
)


def _manque(instances: Sequence[object], une: str, plusieurs: str) -> str:
    """« 2 instances pas encore installées, sans objet : … »."""
    return f"{len(instances)} {plusieurs if len(instances) > 1 else une} : {_noms(instances)}."


def _noms(instances: Sequence[object]) -> str:
    """Les quatre premiers noms, puis le compte des autres : la liste entière est repliée plus bas."""
    dits, reste = ", ".join(map(str, instances[:NOMS])), len(instances) - NOMS
    return f"{dits} et {reste} autre{'s' if reste > 1 else ''}" if reste > 0 else dits


def _qui_lit(prepare: ActePrepare) -> list[str]:
    de = prepare.consultation
    projet, avis = de.get_visibilite_projet_display().lower(), de.get_visibilite_avis_display().lower()
    return [f"Le projet se lit par : {projet}. Les avis : {avis}."]


def _nom(nom: str, is_installee: bool, has_courriel: bool) -> str:
    if not is_installee:
        return f"{nom} (pas installée, sans objet)"
    return nom if has_courriel else f"{nom} (sans adresse de courriel)"


def _a_venir(saisine: Saisine, ecrire: Ecrire = courriels.courriel_de_saisine) -> Courriel:
    """L'adresse de la page et l'empreinte n'existent qu'à la signature : elles sont nommées, pas inventées."""
    sujet, texte = ecrire(saisine)
    adresse = f"{settings.SITE_URL}{saisine.get_absolute_url()}"
    texte = texte.replace(adresse, "[adresse de la page, donnée à la signature]")
    if not saisine.version.empreinte:
        texte = texte.replace("transmis : \n", "transmis : [calculée à la signature]\n")
    return Courriel(str(saisine.instance), sujet, texte)


def _report(prepare: ActePrepare, saisines: list[Saisine], now: datetime) -> Fiche:
    nouvelle = date.fromisoformat(prepare.parametres["echeance"])
    closes = [str(s.instance) for s in saisines if now >= s.borne]
    return Fiche(
        quoi=["Donner plus de temps pour répondre.", *_motif(prepare)],
        a_qui=nombrer([s.instance.type for s in saisines]),
        jusqu_a=f"{jour_long(nouvelle)}, journée comprise",
        sans_reponse=_silences(saisines),
        manque=[f"Délai déjà clos : {_noms(closes)}."] if closes else [],
        destinataires=[str(s.instance) for s in saisines],
        courriels=[
            Courriel(str(s.instance), *courriels.courriel_de_report(s, nouvelle, prepare.motif, prepare.fondement))
            for s in saisines
        ],
    )


def _rectificatif(prepare: ActePrepare, saisines: list[Saisine], now: datetime) -> Fiche:
    texte, section = prepare.parametres.get("texte", ""), prepare.parametres.get("section", "")
    rang = prepare.consultation.actes.filter(type=TypeActe.RECTIFICATIF).count() + 1
    partie = prepare.consultation.version.sections.filter(ancre=section).first() if section else None
    ou = f"Partie « {partie} ». " if partie else ""
    return Fiche(
        quoi=[f"Rectificatif n° {rang}. {ou}{Truncator(texte).words(40)}", *_motif(prepare)],
        a_qui=nombrer([s.instance.type for s in saisines]),
        jusqu_a="Les échéances ne changent pas. Le texte transmis non plus.",
        sans_reponse=["Aucune réponse n'est demandée."],
        destinataires=[str(s.instance) for s in saisines],
        courriels=[Courriel(str(s.instance), *courriels.courriel_de_rectificatif(s, rang, texte)) for s in saisines],
    )


def _retrait(prepare: ActePrepare, saisines: list[Saisine], now: datetime) -> Fiche:
    closes = [str(s.instance) for s in saisines if now >= s.borne]
    return Fiche(
        quoi=["Plus aucun avis n'est demandé.", *_motif(prepare)],
        a_qui=nombrer([s.instance.type for s in saisines]) or "À personne.",
        jusqu_a="Plus d'échéance.",
        sans_reponse=[SILENCE_NUL],
        manque=[f"Délai déjà clos : {_noms(closes)}."] if closes else [],
        destinataires=[str(s.instance) for s in saisines],
        courriels=[Courriel(str(s.instance), *courriels.courriel_de_retrait(s, prepare.motif)) for s in saisines],
    )


def _retransmission(prepare: ActePrepare, saisines: list[Saisine], now: datetime) -> Fiche:
    version = Version.objects.select_related("rapport").filter(pk=prepare.parametres["version"]).first()
    if version is None:
        return Fiche(["Ce texte n'existe plus."], "À personne.", "Rien.", (), ["Préparez l'acte de nouveau."])
    simulation = delais.simuler(now, date.fromisoformat(prepare.parametres["echeance"]))
    neuves = [_neuve(s, version, simulation, now) for s in saisines]
    return Fiche(
        quoi=[f"{version}. Il remplace {prepare.consultation.version}.", *_motif(prepare)],
        a_qui=nombrer([s.instance.type for s in saisines]),
        jusqu_a=f"{jour_long(simulation.echeance)}, journée comprise. Le délai repart.",
        sans_reponse=_silences(neuves),
        manque=_manques_de_retransmission(prepare, version, simulation),
        destinataires=[str(s.instance) for s in saisines],
        courriels=[_a_venir(s, courriels.courriel_de_nouvelle_saisine) for s in neuves],
    )


def _neuve(ancienne: Saisine, version: Version, simulation: delais.Simulation, now: datetime) -> Saisine:
    return Saisine(
        consultation=ancienne.consultation, version=version, instance=ancienne.instance, fondement=ancienne.fondement,
        transmise_le=now, echeance=simulation.echeance, borne=simulation.borne,
    )  # fmt: skip


def _manques_de_retransmission(prepare: ActePrepare, version: Version, simulation: delais.Simulation) -> list[str]:
    manque = []
    if version.v != prepare.parametres["v"]:
        manque.append("Ce texte a changé depuis sa préparation : préparez l'acte de nouveau.")
    if not simulation.is_legale:
        manque.append(f"Délai trop court : la première date possible est le {jour_long(simulation.plancher)}.")
    elif not simulation.is_prudente:
        manque.append(f"Date légale, mais serrée : la lecture la plus longue irait au {jour_long(simulation.prudent)}.")
    return manque


def _constat(prepare: ActePrepare, saisines: list[Saisine], now: datetime) -> Fiche:
    is_due = prepare.type == TypeActe.DORMANCE
    effet = "Elles restent saisies : rien ne change en droit." if is_due else "Elles ne doivent plus d'avis."
    closes = [str(s.instance) for s in saisines if now >= s.borne]
    return Fiche(
        quoi=[f"{prepare.get_type_display()}. {effet}", *_motif(prepare)],
        a_qui=nombrer([s.instance.type for s in saisines]) or "À personne.",
        jusqu_a="Les échéances ne changent pas." if is_due else "Plus d'échéance.",
        sans_reponse=_silences(saisines) if is_due else [SILENCE_NUL],
        manque=[f"Délai déjà clos : {_noms(closes)}."] if closes else [],
        destinataires=[str(s.instance) for s in saisines],
        courriels=[
            Courriel(str(s.instance), *courriels.courriel_de_constat(s, prepare.motif, is_due=is_due)) for s in saisines
        ],
    )


def _cloture(prepare: ActePrepare, saisines: list[Saisine], now: datetime) -> Fiche:
    lus = [(s, Etat(s.etat)) for s in saisines]  # type: ignore[attr-defined]
    attendues = [(s, etat) for s, etat in lus if etat != Etat.SANS_OBJET]
    etats = [etat for _, etat in attendues]
    comptes = ", ".join(f"{e.label.lower()} {etats.count(e)}" for e in Etat if e in etats)
    derniere = max((s.echeance for s, _ in attendues), default=None)
    muettes = [s for s, etat in attendues if etat == Etat.REPUTE_FAVORABLE]
    return Fiche(
        quoi=[f"Le procès-verbal de clôture : {comptes}.", *_motif(prepare)],
        a_qui=nombrer([s.instance.type for s, _ in attendues]),
        jusqu_a=f"Délai clos depuis le {echeance_longue(derniere)}." if derniere else "Aucune échéance.",
        sans_reponse=_silences(muettes) or ["Aucun silence."],
        manque=_manques_de_cloture(attendues, now),
        destinataires=[f"{s.instance} : {etat.label}" for s, etat in attendues],
        courriels=[Courriel(str(s.instance), *courriels.courriel_de_cloture(s, etat)) for s, etat in attendues],
    )


def _manques_de_cloture(attendues: Sequence[tuple[Saisine, Etat]], now: datetime) -> list[str]:
    ouvertes = [str(s.instance) for s, _ in attendues if now < s.borne]
    non_saisies = [str(s.instance) for s, etat in attendues if etat == Etat.NON_SAISIE]
    manque = []
    if ouvertes:
        manque.append(f"Peuvent encore répondre : {_noms(ouvertes)}.")
    if non_saisies:
        manque.append(f"Sans preuve de remise, leur silence ne vaut rien : {_noms(non_saisies)}.")
    return manque


def _motif(prepare: ActePrepare) -> list[str]:
    lignes = [f"Pourquoi : {prepare.motif}"] if prepare.motif else []
    return lignes + ([f"Décidé par : {prepare.fondement}."] if prepare.fondement else [])


def _silences(saisines: Sequence[Saisine]) -> list[str]:
    """Une phrase par fondement, avec le nombre d'instances (règle 7)."""
    nombres = [(f, sum(s.fondement == f for s in saisines)) for f in Fondement]
    return [f"{n} instance{'s' if n > 1 else ''} : {rules.PHRASES_DU_SILENCE[f]}" for f, n in nombres if n]


Composer = Callable[[ActePrepare, list[Saisine], datetime], Fiche]
COMPOSER: dict[TypeActe, Composer] = {
    TypeActe.REPORT: _report,
    TypeActe.RECTIFICATIF: _rectificatif,
    TypeActe.RETRAIT: _retrait,
    TypeActe.ANNULATION: _retrait,
    TypeActe.PROCES_VERBAL: _cloture,
    TypeActe.RETRANSMISSION: _retransmission,
    TypeActe.DORMANCE: _constat,
    TypeActe.SANS_OBJET: _constat,
}

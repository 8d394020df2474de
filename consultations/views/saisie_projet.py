"""Ce que le formulaire du projet montre et où il mène : les valeurs gardées ou tapées, et la suite choisie."""

import re
from dataclasses import dataclass, fields, replace
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from consultations.etats import ModeAdoption, Nature, Sens
from consultations.forms import SENS_POSSIBLES, Ligne, ProjetForm
from consultations.models import Observation, ProjetAvis, Saisine
from consultations.queries_pages import ENSEMBLE, MOTS_DU_SENS, Contenu, contenu_de, demande_lue
from consultations.queries_reunion import AVEC_LEUR_INSTANCE, rejoignables, rejointe_lue
from consultations.reunion import COLLEGES, reunion_de
from consultations.saisies import SaisieReunion
from consultations.views import presentation
from participation.common.dates import jour_a_paris
from participation.common.reponses import champs_renvoyes
from participation.common.requetes import recu_le
from participation.territoires.models import Instance

ETAPES = ("sens", "observations")
REUNION = "reunion"
CHAMPS_DE_LA_REUNION = tuple(champ.name for champ in fields(SaisieReunion))
CHAMPS_DE = {
    "sens": ("sens", "date_seance", "pour", "contre", "abstention"),
    "observations": ("texte", "observation", "rejoindre", "rejointes_total"),
}
GESTE_LIGNE = re.compile(r"(modifier|retirer)-(\d{1,4})")


@dataclass(frozen=True)
class Suite:
    """Où mène le bouton qui a envoyé le projet : `suite` absent, la relecture."""

    mot: str
    etape: str
    modifie: int | None = None
    retire: int | None = None

    def adresse(self, saisine: Saisine, form: ProjetForm) -> str:
        """La page suivante, une fois le projet enregistré."""
        args = [saisine.consultation.slug, saisine.pk]
        if self.etape == REUNION and (self.mot in {"ajouter", "rester"} or self.modifie or self.retire is not None):
            ouverte = f"?modifier={form.rang_de(self.modifie)}" if self.modifie else ""
            return f"{reverse('consultations:reunion', args=args)}{ouverte}#demandes"
        if self.mot == "imprimer":
            return reverse("consultations:feuille", args=args)
        projet = reverse("consultations:projet", args=args)
        if self.mot == "ajouter":
            return f"{projet}?etape=observations&ajouter=1#demande-{len(form.demandes) + 1}"
        if self.modifie is not None and (rang := form.rang_de(self.modifie)):
            return f"{projet}?etape=observations&modifier={rang}#demande-{rang}"
        if self.modifie is not None or self.retire is not None:
            return f"{projet}?etape=observations"
        if self.mot in ETAPES:
            return f"{projet}?etape={self.mot}"
        if self.mot == "rester":
            return f"{projet}?etape={self.etape}"
        return reverse("consultations:avis_deposer", args=args)


def suite_de(request: HttpRequest, etape: str = "") -> Suite:
    """La suite demandée par un POST du projet ; `etape` : celle de la page, si son adresse la dit."""
    mot = request.POST.get("suite", "")
    geste = GESTE_LIGNE.fullmatch(mot)
    return Suite(
        mot=mot,
        etape=etape_de(etape or request.POST.get("etape", "")),
        modifie=int(geste[2]) if geste and geste[1] == "modifier" else None,
        retire=int(geste[2]) if geste and geste[1] == "retirer" else None,
    )


def etape_de(texte: str) -> str:
    """L'étape demandée, sinon la première."""
    return texte if texte in {*ETAPES, REUNION} else ETAPES[0]


@dataclass(frozen=True)
class LigneMontree:
    """Une demande dans le formulaire : lue (avec ses valeurs cachées) ou en cours d'écriture."""

    ligne: Ligne
    titre: str
    is_ecrite: bool


def contexte_du_projet(request: HttpRequest, saisine: Saisine, projet: ProjetAvis, etape: str = "") -> dict[str, Any]:
    """La page du projet tel qu'il est gardé ; `?modifier=n` ouvre une demande, `?ajouter=1` en ouvre une neuve."""
    contenu = contenu_de(projet)
    lignes = [Ligne(d.rang, d.ancre, d.nature, d.texte) for d in contenu.demandes]
    ouverte = request.GET.get("modifier", "")
    etape = etape or etape_de(request.GET.get("etape", ""))
    if request.GET.get("ajouter") == "1" or not lignes or (etape == REUNION and not ouverte):
        lignes.append(Ligne(len(lignes) + 1))
    ouvertes = {ligne.n for ligne in lignes if ligne.is_vide or str(ligne.n) == ouverte}
    noms = ("sens", "texte", "pour", "contre", "abstention", *CHAMPS_DE_LA_REUNION)
    valeurs = {nom: getattr(projet, nom) for nom in noms}
    jour = projet.date_seance or (jour_a_paris(recu_le(request)) if etape == REUNION else None)
    valeurs["date_seance"] = jour.isoformat() if jour else ""
    contexte = _contexte(saisine, projet, etape, valeurs, lignes, ouvertes)
    return contexte | {"erreurs": [], "jour": jour} | _rejoindre(request, saisine, projet, etape)


def _rejoindre(request: HttpRequest, saisine: Saisine, projet: ProjetAvis, etape: str) -> dict[str, Any]:
    """Les demandes des autres instances, si l'étape les montre ; celles que le projet rejoint."""
    now = recu_le(request)
    autres = rejoignables(saisine, projet, now) if etape != ETAPES[0] else []
    return {"now": now, "autres": autres, "choisies": {o.pk for o in projet.rejointes.all()} if autres else set()}


def contexte_du_formulaire(
    request: HttpRequest, saisine: Saisine, projet: ProjetAvis, form: ProjetForm, etape: str
) -> dict[str, Any]:
    """La même page après un refus : ce qui a été tapé, et ce qu'il faut corriger."""
    if etape != REUNION and not form.data.get("etape") and any(ligne.erreur for ligne in form.lignes):
        etape = ETAPES[1]
    garde = contexte_du_projet(request, saisine, projet, etape)
    valeurs = _valeurs_tapees(form, garde["valeurs"])
    lignes = form.lignes if form.has_lignes else [m.ligne for m in garde["lignes"]]
    ouvertes = {ligne.n for ligne in lignes if ligne.is_vide or ligne.erreur}
    contexte = _contexte(saisine, projet, etape, valeurs, lignes, ouvertes)
    tape = {"erreurs": _erreurs(form), "v": form.data.get("v", projet.v), "restants": _restants(request, etape)}
    choisies = set(form.cleaned_data.get("rejoindre", [])) if "rejointes_total" in form.data else garde["choisies"]
    return garde | contexte | tape | {"choisies": choisies}


def _valeurs_tapees(form: ProjetForm, gardees: dict[str, Any]) -> dict[str, Any]:
    valeurs = {nom: form.data.get(nom, valeur) for nom, valeur in gardees.items()}
    if "reunion_total" in form.data:  # une case décochée n'est pas dans un POST
        valeurs |= {nom: nom in form.data for nom in COLLEGES}
    return valeurs


def _restants(request: HttpRequest, etape: str) -> list[tuple[str, str]]:
    """Ce qui a été tapé pour l'autre étape (un seul envoi peut porter les deux) : renvoyé tel quel, jamais perdu."""
    if etape == REUNION:
        return []
    autres = next(debuts for nom, debuts in CHAMPS_DE.items() if nom != etape)
    return [(nom, valeur) for nom, valeur in champs_renvoyes(request) if nom.startswith(autres)]


def _contexte(
    saisine: Saisine, projet: ProjetAvis, etape: str, valeurs: dict[str, Any], lignes: list[Ligne], ouvertes: set[int]
) -> dict[str, Any]:
    parties = list(saisine.version.sections.order_by("ordre").defer("texte", "en_clair")) if etape != ETAPES[0] else []
    titres = {s.ancre: s.titre for s in parties}
    return {
        "saisine": saisine,
        "consultation": saisine.consultation,
        "noms": presentation.noms_de(saisine.instance),
        "phrase_du_silence": presentation.phrase_du_silence(saisine.instance),
        "icone_genre": presentation.ICONES[Instance.Type(saisine.instance.type)],
        "is_commune": saisine.instance.type == Instance.Type.CONSEIL_MUNICIPAL,
        "pas_a_pas": presentation.pas(saisine, ETAPES.index(etape) + 1) if etape in ETAPES else [],
        "projet": projet,
        "v": projet.v,
        "etape": etape,
        "valeurs": valeurs,
        "choix": [(code, libelle, MOTS_DU_SENS[Sens(code)]) for code, libelle in SENS_POSSIBLES],
        "natures": Nature.choices,
        "modes": ModeAdoption.choices,
        "parties": parties,
        "pieces": contenu_de(projet).pieces,
        "lignes": [
            LigneMontree(ligne, titres.get(ligne.section, ENSEMBLE), ligne.n not in ouvertes) for ligne in lignes
        ],
        "erreurs": [],
    }


def _erreurs(form: ProjetForm) -> list[tuple[str, str]]:
    """(identifiant, phrase) : chaque demande refusée mène à son champ."""
    liste = [(f"observation-{x.n}-texte", x.erreur) for x in form.lignes if x.erreur]
    dites = {phrase for _, phrase in liste}
    for nom, erreurs in form.errors.items():
        cible = f"id_{nom}" if nom in form.fields and nom != "v" else ""
        liste += [(cible, str(e)) for e in erreurs if str(e) not in dites]
    return liste


def fusion(form: ProjetForm, projet: ProjetAvis) -> Contenu:
    """Mon texte en entier : ce que je viens de taper, complété par ce que je n'ai pas touché."""
    garde = contenu_de(projet)
    parties = {s.ancre: s for s in projet.saisine.version.sections.defer("texte", "en_clair")}
    saisie = form.saisie(projet)
    if saisie.observations is not None:
        demandes = [demande_lue(n, parties.get(o.section), o) for n, o in enumerate(saisie.observations, 1)]
        garde = replace(garde, demandes=demandes)
    if saisie.seance:
        seance = saisie.seance
        garde = replace(
            garde, date_seance=seance.date_seance, pour=seance.pour, contre=seance.contre, abstention=seance.abstention
        )
    if saisie.reunion:
        garde = replace(garde, reunion=reunion_de(saisie.reunion))
    if saisie.rejointes is not None:
        voulues = Observation.objects.filter(pk__in=saisie.rejointes).select_related(*AVEC_LEUR_INSTANCE)
        garde = replace(garde, rejointes=[rejointe_lue(o) for o in voulues])
    return replace(
        garde,
        sens=garde.sens if saisie.sens is None else saisie.sens,
        texte=garde.texte if saisie.texte is None else saisie.texte,
    )

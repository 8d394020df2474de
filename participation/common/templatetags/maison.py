"""Les filtres et balises de la maison, chargés partout."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.forms import BaseForm
from django.template.defaultfilters import stringfilter
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from participation.common import affichage, dates
from participation.common.identite import identite_de
from participation.common.reponses import erreurs_de
from participation.common.requetes import recu_le

register = template.Library()
INSECABLE = "\u00a0"
FINE = "\u202f"
CHAMPS = {
    "texte": "Votre texte",
    "sens": "Votre réponse",
    "date_seance": "Date de la séance",
    "pour": "Voix pour",
    "contre": "Voix contre",
    "abstention": "Abstentions",
    "nom_usage": "Nom d’usage",
    "email": "Courriel",
    "theme": "Le thème",
    "taille": "La taille du texte",
}


@lru_cache(maxsize=1)
def icones_connues() -> frozenset[str]:
    """Les noms de la planche d'icônes."""
    with open(str(finders.find("icons/sprite.svg")), encoding="utf-8") as fichier:
        return frozenset(re.findall(r'<symbol id="([^"]+)"', fichier.read()))


@register.simple_tag
def icone(nom: str, classe: str = "") -> SafeString:
    """Une icône de la planche, muette pour un lecteur d'écran : le mot est à côté. En DEBUG, KeyError si inconnue."""
    if settings.DEBUG and nom not in icones_connues():
        raise KeyError(f"Icône inconnue : {nom}. Ajoutez-la à outils/vendor.py.")
    base = "forme" if nom.startswith("etat-") else "marque-dessin" if nom == "logo" else "ico"
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        f"{base} {classe}".strip(),
        static("icons/sprite.svg"),
        nom,
    )


@register.filter(is_safe=True)  # n'ajoute que des espaces : un texte sûr le reste, un autre sera échappé
@stringfilter
def typo(texte: str) -> str:
    """Espaces insécables devant « : ; ! ? » », et après le guillemet ouvrant."""
    texte = re.sub(r"[ \u202f]+([:;!?»])", INSECABLE + r"\1", texte)
    return re.sub(r"«[ \u202f]*", "«" + INSECABLE, texte)


@register.filter
def adresse_entiere(chemin: str) -> str:
    """Le chemin d'une page de ce site, précédé de l'adresse publique : celle qu'on cite, qu'on imprime."""
    return f"{settings.SITE_URL}{chemin}"


@register.inclusion_tag("components/citer.html", takes_context=True)
def citer(context: dict[str, Any], titre: str, chemin: str) -> dict[str, Any]:
    """« Citer cette page » : qui publie, quoi, où, lu quel jour."""
    identite = identite_de(context["request"])
    qui = ", ".join(filter(None, (identite.nom, identite.nom_plateforme)))
    return {"titre": titre, "qui": qui, "chemin": chemin, "lu_le": recu_le(context["request"])}


@register.filter
def jour_long(valeur: date | datetime | None) -> str:
    """« jeudi 30 octobre 2025 », à Paris."""
    return dates.jour_long(_jour(valeur)) if valeur else ""


@register.filter
def jour_court(valeur: date | datetime | None) -> str:
    """« 30 octobre », à Paris."""
    return dates.jour_court(_jour(valeur)) if valeur else ""


@register.filter
def instant_long(valeur: datetime | None) -> str:
    """« jeudi 30 octobre 2025 à 23 h 59 min 59 s, heure de Paris » : l'heure ne se coupe pas."""
    return _heure_liee(dates.instant_long(valeur)) if valeur else ""


@register.filter
def instant_court(valeur: datetime | None) -> str:
    """« jeudi 30 octobre 2025 à 23 h 59 » : l'heure ne se coupe pas."""
    return _heure_liee(dates.instant_court(valeur)) if valeur else ""


def _heure_liee(texte: str) -> str:
    lie = re.sub(r" (h|min) ", rf"{INSECABLE}\1{INSECABLE}", texte)
    return re.sub(r"(?<=\d) s\b", f"{INSECABLE}s", lie)


@register.filter
def par_huit(empreinte: str) -> list[str]:
    """Une empreinte SHA-256 en huit groupes de huit, pour être lue et comparée."""
    return [empreinte[i : i + 8] for i in range(0, len(empreinte), 8)]


@register.filter
def minuscule(texte: str) -> str:
    """La première lettre en bas de casse, pour finir une phrase : « 18 octobre, récépissé signé »."""
    return texte[:1].lower() + texte[1:]


@register.filter
def poids(octets: int) -> str:
    """« 37 Ko », « 2,4 Mo » : la taille d'un fichier, comme on la dit."""
    if octets < 1_000_000:
        return f"{nombre(max(1, round(octets / 1000)))}{INSECABLE}Ko"
    return f"{octets / 1_000_000:.1f}{INSECABLE}Mo".replace(".", ",").replace(",0", "")


@register.filter
def echeance_longue(valeur: date | None) -> str:
    """« jeudi 30 octobre 2025 à minuit, heure de Paris » : la journée est comprise."""
    return dates.echeance_longue(valeur) if valeur else ""


@register.simple_tag
def compte(borne: datetime, now: datetime) -> affichage.Compte:
    """Le temps qui reste : « Il reste 12 jours, jusqu’au jeudi 30 octobre 2025 à minuit »."""
    return affichage.compter(borne, now)


@register.filter
def nombre(valeur: float | Decimal | None) -> str:
    """« 6 286 281 » : une espace fine tous les trois chiffres, virgule décimale."""
    if valeur is None or valeur == "":
        return ""
    rendu = f"{int(valeur):,}" if valeur == int(valeur) else f"{valeur:,.2f}"
    return rendu.replace(",", FINE).replace(".", ",")


@register.filter
def euros(valeur: float | Decimal | None) -> str:
    """« 97 600 € »."""
    return f"{nombre(valeur)}{INSECABLE}€" if nombre(valeur) else ""


@register.filter
def pluriel(combien: int, mots: str) -> str:
    """« 1 réponse », « 2 réponses » ; forme irrégulière : `n|pluriel:"cheval,chevaux"`. Zéro est au singulier."""
    singulier, _, irregulier = mots.partition(",")
    autre = irregulier or " ".join(mot if mot[-1:] in "sxz" else f"{mot}s" for mot in singulier.split())
    return f"{nombre(combien)}{INSECABLE}{autre if abs(combien) > 1 else singulier}"


@register.filter
def etat_montre(valeur: Any) -> affichage.EtatMontre:
    """L'état à montrer, depuis son code (`FAVORABLE`) ou son `data-etat` (`favorable`)."""
    return affichage.etat_montre(valeur)


@register.simple_tag
def tous_les_etats() -> Iterable[affichage.EtatMontre]:
    """Les dix états, dans l'ordre du contrat."""
    return affichage.ETATS.values()


@register.filter
def erreurs_liees(form: BaseForm) -> list[tuple[str, str]]:
    """(identifiant du champ, phrase) : pour le résumé en tête de page."""
    return erreurs_de(form)


@register.filter
def nom_de_champ(nom: str) -> str:
    """Le nom lisible d'un champ rendu : « observation-2-texte » devient « Observation 2, texte »."""
    if trouve := re.fullmatch(r"observation-(\d+)-(\w+)", nom):
        suite = {"section": "partie"}.get(trouve[2], trouve[2])
        return f"Observation {trouve[1]}, {suite}"
    return CHAMPS.get(nom, nom.replace("_", " ").replace("-", " ").capitalize())


@register.filter
def libelle_de_saisie(texte: str, nom: str) -> str:
    """Ce que la personne a choisi, en mots : le sens d'un avis se rend par son libellé, le reste mot pour mot."""
    etat = affichage.ETATS.get(texte) if nom == "sens" else None
    return etat.libelle if etat else texte


def _jour(valeur: date | datetime) -> date:
    return dates.jour_a_paris(valeur) if isinstance(valeur, datetime) else valeur

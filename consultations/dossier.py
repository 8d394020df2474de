"""Le dossier de preuve d'une saisine : un zip qui se vérifie hors ligne, sans la plateforme (règles 6, 11, 18 ; R7).

Mêmes données, mêmes octets : noms triés, dates fixes, rien de comprimé (un compresseur plus récent changerait tout).
Ce qui ne se lit pas encore (règle 20) n'y est pas : ni l'avis, ni son accusé, ni son contenu scellé.
"""

import io
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from itertools import chain
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from consultations.models import Avis
from consultations.preuve import Fiche
from consultations.queries_pages import contenu_de
from participation.common.canonique import empreinte_de, json_canonique
from participation.common.dates import instant_long, jour_a_paris
from participation.common.reference import en_adresse
from participation.notifications.models import Envoi
from participation.pieces.models import PieceJointe
from participation.rapports.models import Version
from participation.registre.extrait import Scelle, scelles_de
from participation.registre.queries import lignes
from participation.territoires.queries import identite

FORMAT = 1
EPOQUE = (1980, 1, 1, 0, 0, 0)
MANIFESTE, LISEZ_MOI, VERIFIER = "MANIFESTE.json", "LISEZ-MOI.txt", "verifier.py"
REGISTRE, INDEX, CONTENUS = "registre/registre.jsonl", "registre/index.json", "registre/contenus/"
AVEC_L_AVIS = {"consultations.Avis", "consultations.Contribution", "consultations.Complement"}
"""Ce dont le contenu suit la publication de l'avis."""
Membres = dict[str, bytes]


def en_zip(fiche: Fiche, pdf: bytes) -> bytes:
    """Les octets du dossier. `fiche` : lue avec le détail ; `pdf` : la même, imprimée."""
    scelles = [s for s in scelles_de(a.entree for a in fiche.actes) if fiche.is_lisible or not _is_cache(s)]
    publiees = list(lignes())
    membres: Membres = {
        "fiche-de-preuve.pdf": pdf,
        "rapport/rapport-transmis.txt": _rapport(fiche.saisine.version).encode(),
        VERIFIER: (settings.RACINE / "outils/verifier_registre.py").read_bytes(),
        REGISTRE: b"".join(json_canonique(ligne) + b"\n" for ligne in publiees),
        INDEX: json_canonique({"entrees": [_indexer(s) for s in scelles]}),
    }
    membres |= {f"{CONTENUS}{s.nom}": s.contenu for s in scelles}
    membres |= dict(chain(_courriels(fiche), _avis(fiche), _preuves(fiche), _images(fiche.saisine.version)))
    membres[LISEZ_MOI] = _lisez_moi(fiche, publiees[-1:]).encode()
    membres[MANIFESTE] = _manifeste(fiche, membres, publiees[-1:])
    return _ecrire(membres)


def _is_cache(scelle: Scelle) -> bool:
    return scelle.entree.objet in AVEC_L_AVIS


def _indexer(scelle: Scelle) -> dict[str, Any]:
    entree = scelle.entree
    champs = {"n": entree.n, "acte": entree.acte, "objet": entree.objet, "objet_id": str(entree.objet_id)}
    return champs | {"contenu": f"{CONTENUS}{scelle.nom}", "sel": scelle.sel}


def _courriels(fiche: Fiche) -> Iterator[tuple[str, bytes]]:
    """Chaque message tel qu'il est parti, en-têtes compris ; sinon, ce que la boîte d'envoi en a gardé."""
    for rang, envoi in enumerate(fiche.envois, start=1):
        base = f"courriels/{rang:03}-{jour_a_paris(envoi.cree_le)}-{en_adresse(envoi.evenement)}"
        message = getattr(envoi, "message", None)
        yield (f"{base}.eml", bytes(message.octets)) if message else (f"{base}.txt", _texte_d_envoi(envoi).encode())


def _texte_d_envoi(envoi: Envoi) -> str:
    quand = instant_long(envoi.envoye_le) if envoi.envoye_le else "pas encore"
    return (
        f"Le message parti n'est pas gardé avec ses en-têtes. Voici ce qu'en dit la boîte d'envoi.\n\n"
        f"État : {envoi.get_etat_display()}\nAccepté par le serveur : {quand}\n"
        f"À : {envoi.adresse}\nSujet : {envoi.sujet}\n\n{envoi.texte}\n"
    )


def _avis(fiche: Fiche) -> Iterator[tuple[str, bytes]]:
    for reponse in fiche.reponses:
        avis = reponse.avis
        dossier = f"avis/{avis.numero}"
        yield f"{dossier}.txt", _texte_d_avis(avis).encode()
        pieces = [lien.piece for lien in avis.pieces_liees.select_related("piece").order_by("pk")]
        yield from _pieces(dossier, [*pieces, *(c.piece for c in reponse.complements if c.piece)])


def _texte_d_avis(avis: Avis) -> str:
    recu = f"Reçu le : {instant_long(avis.recu_le)}\nPar : {avis.get_canal_display()}\n" if avis.recu_le else ""
    entete = f"Avis {avis.numero}, version {avis.version}\n{recu}Inscrit le : {instant_long(avis.inscrit_le)}\n"
    return f"{entete}Empreinte SHA-256 : {avis.empreinte}\n\n{contenu_de(avis).en_texte()}\n"


def _preuves(fiche: Fiche) -> Iterator[tuple[str, bytes]]:
    remises = [r.preuve.piece for r in fiche.remises if r.preuve.piece]
    yield from _pieces("preuves-de-remise", remises)
    yield from _pieces("courriels-revenus", [r.piece for r in fiche.retours if r.piece])
    if fiche.is_lisible:
        yield from _pieces("recu-sans-etre-un-avis", [c.piece for c in fiche.contributions])


def _pieces(dossier: str, pieces: list[PieceJointe]) -> Iterator[tuple[str, bytes]]:
    """Les fichiers, sous un nom sans surprise. Un fichier disparu du serveur manque : le vérificateur le dira."""
    for rang, piece in enumerate(pieces, start=1):
        nom = PurePosixPath(piece.nom)
        try:
            with piece.fichier.open("rb") as fichier:
                yield f"{dossier}/{rang:02}-{en_adresse(nom.stem) or 'piece'}{nom.suffix}", fichier.read()
        except OSError:
            continue


def _rapport(version: Version) -> str:
    """Le texte transmis, lisible ; sa forme exacte est dans le contenu scellé « version_figee »."""
    parties = [f"{version.titre_lu}\nVersion {version.numero}, empreinte SHA-256 {version.empreinte}"]
    parties += [version.preambule] if version.preambule else []
    parties += [f"{section}\n\n{section.texte}".strip() for section in version.sections.order_by("ordre")]
    return "\n\n\n".join(parties) + "\n"


def _images(version: Version) -> Iterator[tuple[str, bytes]]:
    for image in version.images.order_by("nom"):
        yield f"rapport/images/{image.nom}.{image.type_mime.rpartition('/')[2]}", bytes(image.octets)


def _lisez_moi(fiche: Fiche, tete: list[dict[str, Any]]) -> str:
    contexte = {"fiche": fiche, "saisine": fiche.saisine, "epci": identite(), "tete": tete[0] if tete else None}
    return render_to_string("feuilles/dossier.txt", contexte)


def _manifeste(fiche: Fiche, membres: Membres, tete: list[dict[str, Any]]) -> bytes:
    """La liste de ce que contient le dossier, scellée : changer un octet de la liste se voit aussi."""
    liste = {
        "format": FORMAT,
        "saisine": str(fiche.saisine.pk),
        "tete": [tete[0]["n"], tete[0]["empreinte"]] if tete else [0, ""],
        "registre": REGISTRE,
        "index": INDEX,
        "fichiers": {nom: {"taille": len(o), "sha256": sha256(o).hexdigest()} for nom, o in membres.items()},
    }
    return json_canonique(liste | {"sceau": empreinte_de(liste)})


def _ecrire(membres: Membres) -> bytes:
    """LISEZ-MOI d'abord, le reste par ordre alphabétique."""
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_STORED) as archive:
        for nom in sorted(membres, key=lambda n: (n != LISEZ_MOI, n)):
            membre = zipfile.ZipInfo(nom, EPOQUE)
            membre.create_system, membre.external_attr = 3, 0o644 << 16
            archive.writestr(membre, membres[nom])
    return sortie.getvalue()

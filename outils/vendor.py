"""Les fichiers venus d'ailleurs : les prendre (npm), les verrouiller (empreintes), les contrôler sans réseau.

`python outils/vendor.py` prend les paquets nommés ici, copie les fichiers utiles, refait la planche d'icônes et récrit
`static/vendor/vendor.lock.json`. `python outils/vendor.py --check` relit seulement : 0 si tout est conforme, 1 sinon.
"""

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
VERROU = RACINE / "static/vendor/vendor.lock.json"
PLANCHE = RACINE / "static/icons/sprite.svg"
LUCIDE = "outils/lucide"  # hors de static/ : seule la planche est servie
VERSIONS = {"axe-core": "4.14.1", "lucide-static": "1.62.0"}
ICONES = """
arrow-left arrow-right arrow-up arrow-down bell book-open calendar check check-check chevron-down circle-alert clock
clock-alert copy download eye file-check file-pen-line file-text flag hand-heart history home hourglass image inbox info
key-round landmark layers-3 lightbulb link list lock log-in log-out mail mail-check mail-x map-pin megaphone menu
message-circle message-circle-question-mark milestone minus octagon-alert paperclip pen-line pencil phone plus printer
refresh-cw reply scale search send settings shield-check square stamp sun-moon table-2 trash triangle-alert undo-2
upload user-check user-plus user-round users-round volume-2 wifi-off x chart-column type euro
""".split()
PRIS = {
    "axe-core": {"axe.min.js": "tests/vendor/axe.min.js", "LICENSE": "tests/vendor/LICENSE-axe-core.txt"},
    "lucide-static": {f"icons/{nom}.svg": f"{LUCIDE}/{nom}.svg" for nom in ICONES}
    | {"LICENSE": "static/icons/LICENSE-lucide.txt"},
}
POLICES = {
    "Atkinson Hyperlegible Next": ["atkinson-next.woff2", "atkinson-next-italic.woff2", "OFL-atkinson.txt"],
    "Bricolage Grotesque": ["bricolage-grotesque-opsz.woff2", "OFL-bricolage.txt"],
}


def empreinte(fichier: Path) -> str:
    """SHA-256 en hexadécimal."""
    return hashlib.sha256(fichier.read_bytes()).hexdigest()


def prendre(paquet: str, version: str) -> None:
    """Télécharge un paquet par npm et copie ses fichiers utiles. Lève CalledProcessError si npm échoue."""
    with tempfile.TemporaryDirectory() as dossier:
        subprocess.run(["npm", "pack", f"{paquet}@{version}", "--silent"], cwd=dossier, check=True, capture_output=True)
        with tarfile.open(next(Path(dossier).glob("*.tgz"))) as archive:
            for source, cible in PRIS[paquet].items():
                flux = archive.extractfile(f"package/{source}")
                if flux is None:
                    raise FileNotFoundError(f"{paquet} {version} n'a pas {source}")
                (RACINE / cible).parent.mkdir(parents=True, exist_ok=True)
                (RACINE / cible).write_bytes(flux.read())


def symbole(nom: str, source: str) -> str:
    """Une icône en <symbol> : le cadre et les traits du dessin, sans classe ni taille."""
    svg = re.search(r"<svg\b(?P<attributs>[^>]*)>(?P<corps>.*)</svg>", source, re.S)
    if svg is None:
        raise ValueError(f"{nom} n'est pas un SVG")
    gardes = r'(viewBox|fill|stroke|stroke-width|stroke-linecap|stroke-linejoin)="([^"]*)"'
    attributs = dict(re.findall(rf"(?<![\w-]){gardes}", svg["attributs"]))
    if nom in ICONES:
        attributs = {"viewBox": attributs["viewBox"]}  # la feuille de style règle traits et épaisseur
    rendu = "".join(f' {cle}="{valeur}"' for cle, valeur in attributs.items())
    corps = re.sub(r"\s+", " ", svg["corps"]).replace(" <", "<").strip()
    return f'<symbol id="{nom}"{rendu}>{corps}</symbol>'


def planche() -> str:
    """La planche d'icônes : lucide, les dix formes d'état (évidées par --etat-fond), la marque."""
    formes = {f.stem: f.read_text() for f in sorted((RACINE / "templates/components/formes").glob("*.svg"))}
    symboles = [symbole(nom, (RACINE / LUCIDE / f"{nom}.svg").read_text()) for nom in sorted(ICONES)]
    symboles += [symbole(n, s).replace('"#fff"', '"var(--etat-fond,#fff)"') for n, s in formes.items()]
    symboles += [symbole(f.stem, f.read_text()) for f in sorted((RACINE / "outils/dessins").glob("*.svg"))]
    corps = "\n".join(symboles)
    licence = "<!-- Lucide, licence ISC ; formes et marque : ce projet -->"
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{licence}\n{corps}\n</svg>\n'


def verrou() -> list[dict[str, str]]:
    """Ce que le verrou doit dire : paquet, version, chemin, empreinte."""
    lignes = [(paquet, VERSIONS[paquet], chemin) for paquet, pris in PRIS.items() for chemin in pris.values()]
    lignes += [(police, "OFL 1.1", f"static/fonts/{nom}") for police, noms in POLICES.items() for nom in noms]
    return [{"paquet": p, "version": v, "chemin": c, "sha256": empreinte(RACINE / c)} for p, v, c in sorted(lignes)]


def ecarts() -> list[str]:
    """Les différences entre le dépôt et son verrou, en phrases."""
    attendus = {ligne["chemin"]: ligne for ligne in json.loads(VERROU.read_text())}
    connus = {chemin for pris in PRIS.values() for chemin in pris.values()}
    connus |= {f"static/fonts/{nom}" for noms in POLICES.values() for nom in noms}
    phrases = [f"{c} n'est pas au verrou" for c in sorted(connus - attendus.keys())]
    phrases += [f"{c} est au verrou mais n'est plus demandé" for c in sorted(attendus.keys() - connus)]
    for chemin, ligne in attendus.items():
        if not (RACINE / chemin).exists():
            phrases.append(f"{chemin} manque")
        elif empreinte(RACINE / chemin) != ligne["sha256"]:
            phrases.append(f"{chemin} a changé")
    if not phrases and PLANCHE.read_text() != planche():
        phrases.append("static/icons/sprite.svg n'est plus celui que donnent les dessins")
    return phrases


def main() -> int:
    """La commande."""
    analyse = argparse.ArgumentParser(description="Fichiers venus d'ailleurs")
    analyse.add_argument("--check", action="store_true", help="contrôler sans réseau")
    analyse.add_argument("--planche", action="store_true", help="refaire seulement la planche d'icônes")
    choix = analyse.parse_args()
    if choix.check:
        for phrase in (phrases := ecarts()):
            print(phrase, file=sys.stderr)
        return 1 if phrases else 0
    if not choix.planche:
        for paquet, version in VERSIONS.items():
            prendre(paquet, version)
    PLANCHE.write_text(planche())
    VERROU.write_text(json.dumps(verrou(), ensure_ascii=False, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

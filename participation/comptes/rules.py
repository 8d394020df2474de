"""Règles pures des comptes : reconnaître un appareil à sa signature, nommer une empreinte, engendrer un code."""

import hashlib
import secrets
from datetime import timedelta

from participation.common.reference import en_adresse

NAVIGATEURS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)


def nom_d_appareil(signature: str) -> str:
    """« Firefox sur Windows », d'après l'en-tête User-Agent ; « Appareil inconnu » si rien ne se reconnaît."""
    navigateur = next((nom for marque, nom in NAVIGATEURS if marque in signature), "")
    systeme = next((nom for marque, nom in SYSTEMES if marque in signature), "")
    return " sur ".join(n for n in (navigateur, systeme) if n) or "Appareil inconnu"


def empreinte_courte(secret: str) -> str:
    """Une étiquette publique de 16 signes pour un identifiant qui ne doit pas sortir du serveur."""
    return hashlib.sha256(f"voix:{secret}".encode()).hexdigest()[:16]


SIGNES = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""L'alphabet d'une lettre : ni 0, ni 1, ni I, ni L, ni O, qu'on prend l'un pour l'autre."""
CHIFFRES = "0123456789"
"""Celui d'un code dicté : au téléphone, « B » et « P » se confondent, les chiffres non."""
LONGUEUR = 10
LETTRE_VALABLE = timedelta(days=90)
DICTE_VALABLE = timedelta(minutes=15)
LUS_AUTREMENT = str.maketrans({"O": "0", "I": "1", "L": "1"})


def engendrer_code(alphabet: str) -> str:
    """Dix signes au hasard : 31^10 codes pour une lettre, 10^10 pour un code dicté qui vit 15 minutes."""
    return "".join(secrets.choice(alphabet) for _ in range(LONGUEUR))


def normaliser_code(saisi: str) -> str:
    """Ce qui a été tapé, sans casse, espace ni tiret ; O se lit 0, I et L se lisent 1."""
    return "".join(signe for signe in saisi.upper() if signe.isascii() and signe.isalnum()).translate(LUS_AUTREMENT)


def code_lisible(code: str) -> str:
    """« K7M2P-QX4RT » : deux groupes de cinq, pour le lire et le recopier."""
    return f"{code[:5]}-{code[5:]}"


def code_a_dicter(code: str) -> str:
    """« 91 29 44 76 85 » : par paires, comme un numéro de téléphone ; les espaces ne se coupent pas."""
    return "\u00a0".join(code[i : i + 2] for i in range(0, len(code), 2))


def cle_de_nom(nom: str) -> str:
    """Ce qui fait reconnaître un nom : ni casse, ni accent, ni ligature. Un nom d'un autre alphabet reste entier."""
    return en_adresse(nom) or nom.casefold().strip()

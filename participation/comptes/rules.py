"""Règles pures des comptes : reconnaître un appareil à sa signature, nommer une empreinte."""

import hashlib

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

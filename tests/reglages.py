"""Les réglages des essais : ceux du produit, dans un dossier neuf, sans rien lire de l'environnement de la personne.

Seuls DATABASE_URL (base PostgreSQL d'essai) et REDIS_URL (pour les vrais processus) viennent du dehors. Chaque ouvrier
de pytest-xdist a son dossier, effacé à la fin.
"""

import atexit
import os
import shutil
import tempfile

DOSSIER = tempfile.mkdtemp(prefix="voix-essais-")
atexit.register(shutil.rmtree, DOSSIER, ignore_errors=True)

for nom in ("DEBUG", "MAINTENANT", "SITE_URL", "SECRET_KEY", "HOST", "PORT", "EXPEDITEUR", "PROXYS_DE_CONFIANCE",
            "TETE_DU_REGISTRE_A"):  # fmt: skip
    os.environ.pop(nom, None)
REDIS_URL_ESSAIS = os.environ.pop("REDIS_URL", "")
os.environ |= {
    "VAR_DIR": DOSSIER,
    "DEMO": "1",  # les adresses de la démonstration sont essayées comme les autres
    "STATIQUES_DIRECTS": "1",
    "EMAIL_URL": "memory://",
    "NIVEAU_JOURNAL": "WARNING",
}

from participation.config.settings import *  # noqa: E402, F403
from participation.config.settings import DATABASES, TEMPLATES, VAR_DIR  # noqa: E402
from tests.outillage.gabarits import VariableInconnue  # noqa: E402

BASE = DATABASES["default"]
if BASE["ENGINE"].endswith("sqlite3"):
    # Un vrai fichier : plusieurs fils et plusieurs connexions s'y rencontrent comme en service. Sans attente du
    # disque : les essais de durabilité lancent de vrais processus, avec les réglages du produit.
    BASE["TEST"] = {"NAME": str(VAR_DIR / "essais.sqlite3")}
    BASE["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON;"
else:
    del BASE["OPTIONS"]["pool"]  # une base d'essai se supprime : aucune réserve ne doit y rester accrochée

WHITENOISE_AUTOREFRESH = True  # sinon chaque client d'essai relit tous les fichiers statiques
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = VariableInconnue()
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}

"""Tous les réglages, dans un fichier. L'environnement est typé : une valeur fausse arrête le démarrage.

Les noms des variables sont ceux de la section « Environnement » du README ; ils ne changent pas.
"""

import re
import secrets
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvError

env = Env()
RACINE = Path(__file__).resolve().parents[2]
BASE_DIR = RACINE


def _secret(dossier: Path) -> str:
    """Le secret de signature : celui de l'environnement, sinon un secret engendré une fois dans VAR_DIR."""
    if donne := env.str("SECRET_KEY", ""):
        return donne
    fichier = dossier / "secret"
    if not fichier.exists():
        fichier.touch(mode=0o600)
        fichier.write_text(secrets.token_urlsafe(64))
    return fichier.read_text().strip()


def _garde(fichier: Path, defaut: str) -> str:
    """Une valeur gardée dans VAR_DIR par `installer`, ou la valeur par défaut."""
    return fichier.read_text().strip() or defaut if fichier.exists() else defaut


def _adresse(nom: str, lue: str) -> str:
    """Une adresse de courriel, ou rien."""
    if lue and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", lue):
        raise ValueError(f"{nom} n'est pas une adresse de courriel")
    return lue


try:
    VAR_DIR = Path(env.str("VAR_DIR", str(RACINE / "var"))).resolve()
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    HOST = env.str("HOST", "127.0.0.1")
    PORT = env.int("PORT", 8000)
    DEBUG = env.bool("DEBUG", False)
    DEMO = env.bool("DEMO", False)
    MAINTENANT = env.datetime("MAINTENANT", None)
    SITE_URL = env.str("SITE_URL", f"http://{HOST}:{PORT}").rstrip("/")
    REDIS_URL = env.str("REDIS_URL", "")
    SECRET_KEY = _secret(VAR_DIR)
    DATABASES = {"default": env.dj_db_url("DATABASE_URL", f"sqlite:///{VAR_DIR}/db.sqlite3")}
    courriel = env.dj_email_url("EMAIL_URL", "console://")
    TETE_DU_REGISTRE_A = _adresse("TETE_DU_REGISTRE_A", env.str("TETE_DU_REGISTRE_A", "").strip())
except (EnvError, ValueError) as erreur:
    raise ImproperlyConfigured(f"Environnement illisible : {erreur}") from erreur
if MAINTENANT is not None and not DEMO:
    raise ImproperlyConfigured("MAINTENANT ne s'emploie qu'avec DEMO=1.")
if MAINTENANT is not None and MAINTENANT.tzinfo is None:
    raise ImproperlyConfigured("MAINTENANT doit porter son décalage, par exemple 2025-10-30T23:59:50+01:00.")

_hote = SITE_URL.split("://", 1)[-1].split("/", 1)[0].rsplit(":", 1)[0]
ALLOWED_HOSTS = sorted({_hote, HOST, "127.0.0.1", "localhost"})
CSRF_TRUSTED_ORIGINS = [SITE_URL]
EN_HTTPS = SITE_URL.startswith("https://")

INSTALLED_APPS = [
    "participation.comptes",
    "participation.territoires",
    "participation.pieces",
    "participation.registre",
    "participation.notifications",
    "participation.agenda",
    "participation.rapports",
    "consultations",
    "participation.horloge",
    "participation.accueil",
    "participation.gestion",
    "participation.demo",
    "participation.common",
    "participation.comptes.apps_administration.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "channels",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "taggit",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "participation.common.middleware.HeureDArrivee",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "participation.common.middleware.PanneDite",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "participation.comptes.middleware.ConnexionExigee",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "participation.config.urls"
ASGI_APPLICATION = "participation.config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [RACINE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "participation.config.contexte.maison",
            ],
            "builtins": ["participation.common.templatetags.maison"],
        },
    }
]

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 0
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {"min_size": 1, "max_size": 8}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

if REDIS_URL:
    CHANNEL_LAYERS = {
        "default": {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": [REDIS_URL]}}
    }
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
else:
    CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# --- l'horloge : les actions rejouables que le battement exécute, dans l'ordre (du câblage, en texte)
HORLOGE = [
    "consultations.actions.relance.relancer",  # d'abord : ce qui ne sert plus s'écarte avant que la boîte se vide
    "participation.notifications.actions.vider_la_boite",
    "consultations.actions.remise.constater_remises",
    "consultations.actions.silence.acter_silences",
    "consultations.actions.proces_verbal.rappeler_proces_verbal",
    "consultations.actions.tete.envoyer_la_tete",
    "participation.comptes.actions.purger_les_traces",
]
HORLOGE_PAS = env.float("HORLOGE_PAS", 1.0)

# --- courriels
EMAIL_BACKEND = courriel["EMAIL_BACKEND"]
EMAIL_HOST = courriel.get("EMAIL_HOST", "")
EMAIL_PORT = courriel.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = courriel.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = courriel.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = courriel.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = courriel.get("EMAIL_USE_SSL", False)
EMAIL_FILE_PATH = f"/{chemin.lstrip('/')}" if (chemin := courriel.get("EMAIL_FILE_PATH")) else None  # file:///dossier
EMAIL_TIMEOUT = 10  # secondes : le serveur attend l'envoi en cours pour s'arrêter
EXPEDITEUR_INCONNU = "ne-pas-repondre@exemple.invalid"
DEFAULT_FROM_EMAIL = env.str("EXPEDITEUR", "") or _garde(VAR_DIR / "expediteur", EXPEDITEUR_INCONNU)

# --- entrer
AUTH_USER_MODEL = "comptes.Utilisateur"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "participation.comptes.adaptateur.Adaptateur"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 900
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 900
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_RATE_LIMITS = {
    # Une salle entière sort par une seule adresse IP : large par adresse, serré par personne (l'adresse de courriel).
    "code_demande": "120/m/ip",
    "code_par_personne": "5/10m/key",  # (courriel, adresse IP)
    "code_par_adresse": "30/10m/key",  # un courriel, d'où que ce soit : sans bloquer la personne visée par un importun
    "code_essai": "240/m/ip",
    "cle": "120/m/ip",
    "reprise": "60/m/ip",
    "lettre": "60/m/ip",  # les essais faux se comptent aussi en base, par adresse et en tout
    "inviter": "120/h/user",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("PROXYS_DE_CONFIANCE", 0)
MFA_ADAPTER = "participation.comptes.adaptateur.AdaptateurCles"
MFA_SUPPORTED_TYPES = ["webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not EN_HTTPS
USERSESSIONS_TRACK_ACTIVITY = False

# --- langue, heure, fichiers
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
TIME_ZONE = "Europe/Paris"
USE_TZ = True
USE_I18N = True
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS = [RACINE / "static"]
MEDIA_ROOT = VAR_DIR / "medias"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if DEBUG or env.bool("STATIQUES_DIRECTS", False):
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    WHITENOISE_USE_FINDERS = True

# --- sécurité
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"  # lire un message n'écrit pas la session
SESSION_COOKIE_AGE = 24 * 3600  # sauf « garder cet appareil » : 90 jours
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "participation.common.vues.csrf_refuse"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = EN_HTTPS
SECURE_SSL_REDIRECT = False  # le mandataire s'en charge : docs/exploitation.md
SECURE_HSTS_SECONDS = 31_536_000 if EN_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = EN_HTTPS
if env.int("PROXYS_DE_CONFIANCE", 0):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 30  # au-dessus de PIECES_MAX : la onzième pièce a une phrase, et le texte est rendu
FILE_UPLOAD_PERMISSIONS = 0o600

TAGGIT_CASE_INSENSITIVE = True
SILENCED_SYSTEM_CHECKS = ["security.W008"]  # redirection https : au mandataire

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"ligne": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "ligne"}},
    "root": {"handlers": ["console"], "level": env.str("NIVEAU_JOURNAL", "INFO")},
}

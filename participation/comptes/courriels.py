"""Les courriels des comptes.

Ceux qui portent un code partent dans la requête, jamais par la boîte d'envoi (le code n'y serait pas secret).
L'invitation, elle, passe par la boîte : son lien n'ouvre aucun droit.
"""

from email.utils import formataddr
from smtplib import SMTPException

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from participation.common.dates import jour_long
from participation.comptes.models import Mandat
from participation.territoires.models import Epci

SEL = "comptes.invitation"
INVITATION_VALABLE = 90 * 24 * 3600
"""Secondes : ensuite le lien ne dit plus rien ; la personne entre quand même, avec son adresse."""
SUJETS = {"code_connexion": "Votre code pour entrer", "code_courriel": "Votre code pour changer de courriel"}


def envoyer_le_code(modele: str, *, adresse: str, code: str) -> None:
    """Envoie le code. Lève OSError si le serveur de courriel ne répond pas ou refuse."""
    epci = Epci.objects.first()
    plateforme = epci.nom_plateforme if epci else "Voix des quartiers"
    contexte = {"code": code, "plateforme": plateforme, "epci": epci, "site": settings.SITE_URL}
    message = EmailMessage(
        subject=SUJETS[modele],
        body=render_to_string(f"emails/{modele}.txt", contexte),
        from_email=formataddr((plateforme, settings.DEFAULT_FROM_EMAIL)),
        to=[adresse],
        headers={"Auto-Submitted": "auto-generated"},
    )
    try:
        message.send()
    except SMTPException as erreur:
        raise OSError("le serveur de courriel refuse le message") from erreur


def jeton_d_invitation(mandat: Mandat) -> str:
    """Le jeton du lien, signé et daté : il désigne le mandat, et ne prouve rien."""
    return signing.dumps(str(mandat.pk), salt=SEL)


def lire_le_jeton(jeton: str) -> str:
    """L'identifiant du mandat. Lève signing.BadSignature s'il est faux ou a plus de 90 jours."""
    return str(signing.loads(jeton, salt=SEL, max_age=INVITATION_VALABLE))


def courriel_d_invitation(mandats: list[Mandat]) -> tuple[str, str]:
    """Le sujet et le texte d'une invitation : de quel conseil, à quel titre, comment entrer."""
    lignes = []
    for mandat in mandats:
        fin = f", jusqu’au {jour_long(mandat.dernier_jour)} compris" if mandat.dernier_jour else ""
        lignes.append(f"- {mandat.instance} : {mandat.get_role_display()}{fin}")
    texte = (
        "Bonjour,\n\nVous avez une place ici :\n" + "\n".join(lignes) + "\n\n"
        f"Pour entrer : {settings.SITE_URL}/invitation/{jeton_d_invitation(mandats[0])}/\n"
        "Vous recevrez un code à cette adresse. Pas de mot de passe.\n\n"
        "Ce lien n’ouvre rien sans ce code. Il marche 90 jours.\n"
        "Ce n’est pas vous ? Ne faites rien, ou écrivez-nous.\n"
    )
    return f"Votre place : {mandats[0].instance}", texte

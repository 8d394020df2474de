"""`installer` : prépare un vrai serveur, par questions ou par options. Rejouable sans rien doubler."""

import sys
from argparse import ArgumentParser
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import get_connection, send_mail
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from participation.common.dates import maintenant
from participation.comptes import actions
from participation.comptes.models import Groupe, Utilisateur
from participation.comptes.saisies import SaisieCollectivite
from participation.territoires.models import Commune, Epci, Instance
from participation.territoires.rules import a_completer

QUESTIONS = {
    "nom": "Nom complet de la collectivité",
    "nom_court": "Nom court, affiché sous le nom de la plateforme",
    "nom_plateforme": "Nom de la plateforme",
    "courriel_contact": "Courriel de contact, montré au public",
    "telephone_contact": "Téléphone de contact",
    "adresse_contact": "Adresse postale",
    "service": "Service qui reçoit les avis",
    "courriel_dpo": "Courriel du délégué à la protection des données",
    "siren": "SIREN",
    "directeur_publication": "Direction de la publication",
    "hebergeur": "Hébergeur : nom, adresse, téléphone",
    "tribunal_administratif": "Tribunal administratif",
    "schema_accessibilite": "Adresse du schéma pluriannuel d'accessibilité",
}
PERSONNES = {
    "administrateur": ("Courriel du premier administrateur", (Groupe.ADMIN, Groupe.AGENT)),
    "signataire": ("Courriel du premier signataire", (Groupe.SIGNATAIRE, Groupe.AGENT)),
}
COURRIELS = ("courriel_contact", "courriel_dpo", "administrateur", "signataire", "expediteur", "essai")


class Command(BaseCommand):
    """La collectivité, ses premières personnes, l'adresse d'envoi, un courriel d'essai, puis ce qui manque."""

    help = "Prépare un vrai serveur : collectivité, premières personnes, adresse d'envoi, courriel d'essai."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Une option par réponse ; sans option et au terminal, la question est posée."""
        for nom, question in QUESTIONS.items():
            parser.add_argument(f"--{nom.replace('_', '-')}", default="", help=question)
        for nom, (question, _) in PERSONNES.items():
            parser.add_argument(f"--{nom}", default="", help=question)
        parser.add_argument("--expediteur", default="", help="Adresse d'où partent les courriels")
        parser.add_argument("--essai", default="", help="Adresse où envoyer un courriel d'essai")
        parser.add_argument("--sans-question", action="store_true", help="Ne rien demander : les options suffisent")

    def handle(self, *args: Any, **options: Any) -> None:
        """Demande, vérifie, écrit, envoie, dit ce qui manque. Lève CommandError sur une réponse fausse."""
        if not options["sans_question"] and sys.stdin.isatty():
            self.demander(options)
        self.verifier(options)
        self.collectivite(options)
        self.personnes(options)
        if options["expediteur"]:
            (settings.VAR_DIR / "expediteur").write_text(options["expediteur"] + "\n")
            settings.DEFAULT_FROM_EMAIL = options["expediteur"]
            self.stdout.write(f"Adresse d'envoi gardée : {options['expediteur']}")
        if options["essai"]:
            self.essayer(options["essai"])
        self.dire_ce_qui_manque()

    def demander(self, options: dict[str, Any]) -> None:
        """Pose les questions restées sans réponse ; Entrée garde ce qui est déjà su."""
        epci = Epci.objects.order_by("pk").first()
        for nom, question in QUESTIONS.items():
            su = getattr(epci, nom, "")
            options[nom] = options[nom] or input(f"{question}{f' [{su}]' if su else ''} : ").strip()
        for nom, (question, _) in PERSONNES.items():
            options[nom] = options[nom] or input(f"{question} : ").strip()
        for nom, question in (("expediteur", "Adresse d'envoi"), ("essai", "Envoyer un courriel d'essai à")):
            options[nom] = options[nom] or input(f"{question} (Entrée pour passer) : ").strip()

    def verifier(self, options: dict[str, Any]) -> None:
        """Chaque courriel est un courriel."""
        for nom in COURRIELS:
            try:
                if options[nom]:
                    validate_email(options[nom])
            except ValidationError as erreur:
                raise CommandError(f"{nom} : « {options[nom]} » n'est pas un courriel.") from erreur

    def collectivite(self, options: dict[str, Any]) -> None:
        """Crée ou complète la collectivité."""
        epci = Epci.objects.order_by("pk").first()
        nom = options["nom"] or (epci.nom if epci else "")
        if not nom:
            raise CommandError("Le nom de la collectivité est nécessaire : --nom « … ».")
        saisie = SaisieCollectivite(**{n: options[n] for n in QUESTIONS} | {"nom": nom})
        try:
            ecrite, is_creee = actions.installer_collectivite(saisie=saisie, now=maintenant())
        except ValidationError as erreur:
            raise CommandError(" ".join(erreur.messages)) from erreur
        self.stdout.write(f"Collectivité {'créée' if is_creee else 'mise à jour'} : {ecrite.nom}")

    def personnes(self, options: dict[str, Any]) -> None:
        """Ouvre les premiers comptes, dans leurs groupes."""
        for nom, (_, groupes) in PERSONNES.items():
            if options[nom]:
                _, is_cree = actions.installer_personne(courriel=options[nom], groupes=groupes, now=maintenant())
                etat = "créé" if is_cree else "déjà là"
                self.stdout.write(f"Compte {nom} {etat} : {options[nom]} (entre par un code reçu)")

    def essayer(self, adresse: str) -> None:
        """Envoie un courriel d'essai, tout de suite."""
        texte = f"Ce courriel d'essai vient de {settings.SITE_URL}.\nSi vous le lisez, les courriels partent."
        try:
            send_mail("Courriel d'essai", texte, settings.DEFAULT_FROM_EMAIL, [adresse], connection=get_connection())
        except (OSError, SMTPException) as erreur:
            raise CommandError(f"Le courriel d'essai n'est pas parti : {erreur}. Vérifiez EMAIL_URL.") from erreur
        self.stdout.write(f"Courriel d'essai envoyé à {adresse}")

    def dire_ce_qui_manque(self) -> None:
        """La liste de ce qui reste à faire avant d'ouvrir au public."""
        manques = [phrase for phrase, is_fait in self.points() if not is_fait]
        self.stdout.write("Tout est prêt." if not manques else "Il manque encore :")
        for phrase in manques:
            self.stdout.write(f"  - {phrase}")

    def points(self) -> list[tuple[str, bool]]:
        """(ce qui manque, si c'est fait)."""
        epci = Epci.objects.order_by("pk").first() or Epci()
        moteur = settings.EMAIL_BACKEND.rsplit(".", 2)[-2]
        actifs = Utilisateur.objects.filter(is_active=True)
        return [
            ("SITE_URL en https, l'adresse publique du site", settings.EN_HTTPS),
            ("EMAIL_URL, le serveur de courriel (sans lui, aucun code ne part)", moteur == "smtp"),
            ("une adresse d'envoi : --expediteur", settings.DEFAULT_FROM_EMAIL != settings.EXPEDITEUR_INCONNU),
            ("TETE_DU_REGISTRE_A, l'adresse qui garde la tête du registre", bool(settings.TETE_DU_REGISTRE_A)),
            *(
                (f"{lu[0].lower()}{lu[1:]} : --{champ.replace('_', '-')}", False)
                for champ, lu in a_completer(vars(epci))
            ),
            ("un administrateur : --administrateur", actifs.filter(groups__name=Groupe.ADMIN.value).exists()),
            ("un signataire : --signataire", actifs.filter(groups__name=Groupe.SIGNATAIRE.value).exists()),
            ("les communes : manage.py importer_territoire FICHIER", Commune.objects.exists()),
            ("les instances consultées : manage.py importer_territoire FICHIER", Instance.objects.exists()),
        ]

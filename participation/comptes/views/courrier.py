"""Ce que je veux recevoir par courriel ; et l'adresse signée qui coupe les rappels, sans connexion (RFC 8058)."""

from django.contrib import messages as annonces
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from participation.common.reponses import voir
from participation.common.requetes import recu_le
from participation.comptes.forms_messages import NiveauForm
from participation.comptes.views.commun import compte_de, lire_ou_poster, montrer
from participation.notifications.actions import arreter_les_rappels, regler_les_messages
from participation.notifications.courriel import envoi_du_jeton
from participation.notifications.models import Niveau
from participation.notifications.queries import niveau_de, niveau_de_l_envoi

UN_CLIC = ("List-Unsubscribe", "One-Click")


@never_cache
@lire_ou_poster
def messages(request: HttpRequest) -> HttpResponse:
    """L'essentiel, un résumé, ou tout : le choix de la personne connectée."""
    compte = compte_de(request)
    form = NiveauForm(request.POST or None, initial={"niveau": niveau_de(compte)})
    if form.is_valid():
        regler_les_messages(personne=compte, niveau=form.cleaned_data["niveau"], now=recu_le(request))
        annonces.success(request, "C’est enregistré.")
        return voir("comptes:messages")
    return montrer(request, "comptes/messages.html", {"form": form})


@csrf_exempt  # le serveur de la messagerie poste sans témoin ni page : la signature de l'adresse est la seule preuve
@login_not_required
@never_cache
@lire_ou_poster
def messages_arreter(request: HttpRequest, jeton: str) -> HttpResponse:
    """Ne plus recevoir de rappels, par le lien d'un rappel. Lire ne coupe rien : un antivirus ouvre les liens.

    Le clic unique d'une messagerie (RFC 8058, 3.1) reçoit 200 : cette norme interdit de le rediriger.
    """
    envoi = envoi_du_jeton(jeton)
    if envoi is None:
        raise Http404
    if request.method == "POST":
        arreter_les_rappels(envoi=envoi, now=recu_le(request))
        if request.POST.get(UN_CLIC[0]) != UN_CLIC[1]:
            return voir("comptes:messages_arreter", jeton)
    is_arrete = niveau_de_l_envoi(envoi) == Niveau.ESSENTIEL
    return render(request, "comptes/messages_arreter.html", {"jeton": jeton, "is_arrete": is_arrete})

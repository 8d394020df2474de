"""Les pages d'erreur : même voix, bon statut, texte tapé rendu ; la panne ne lit aucune base."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import resolve

from participation.common import vues
from participation.common.errors import STATUTS, RefusMetier
from participation.common.reponses import refuser
from tests.fabriques import quartier

pytestmark = pytest.mark.une_base  # ce qui se prouve ici ne dépend pas de la base

TEXTE = "Le texte dit 31 projets <b>soutenus</b>."
ECHAPPE = "Le texte dit 31 projets &lt;b&gt;soutenus&lt;/b&gt;."


@pytest.fixture
def requete(rf: RequestFactory) -> HttpRequest:
    request = rf.post("/affichage/", {"texte": TEXTE, "cle": "secret-technique", "csrfmiddlewaretoken": "jeton"})
    request.user = AnonymousUser()
    return request


def corps(reponse: HttpResponse) -> str:
    return reponse.content.decode()


@pytest.mark.parametrize(
    ("vue", "statut"),
    [(vues.erreur_400, 400), (vues.erreur_500, 500), (vues.erreur_503, 503)],
    ids=["400", "500", "503"],
)
def test_une_panne_se_dit_sans_base_et_rend_le_texte(requete: HttpRequest, vue: object, statut: int) -> None:
    reponse = vue(requete)  # type: ignore[operator]  # aucune marque django_db : la base est interdite
    assert reponse.status_code == statut
    assert ECHAPPE in corps(reponse)
    assert "secret-technique" not in corps(reponse)


def test_une_panne_dit_quand_revenir(requete: HttpRequest) -> None:
    assert vues.erreur_503(requete)["Retry-After"] == "60"


def test_une_panne_tient_meme_sans_gabarit(requete: HttpRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vues, "render_to_string", lambda *_: 1 / 0)
    reponse = vues.erreur_500(requete)
    assert reponse.status_code == 500
    assert TEXTE in corps(reponse)
    assert reponse["Content-Type"].startswith("text/plain")


@pytest.mark.django_db
@pytest.mark.parametrize("code", [*STATUTS, "autre"])
def test_un_refus_porte_son_statut_sa_phrase_et_le_texte(requete: HttpRequest, code: str) -> None:
    refus = RefusMetier(code, "La raison du refus.")
    reponse = refuser(requete, refus)
    assert reponse.status_code == refus.statut != 200
    assert ECHAPPE in corps(reponse)
    if code != "introuvable":  # une page cachée ne dit pas pourquoi
        assert "La raison du refus." in corps(reponse)


@pytest.mark.django_db
def test_trop_tard_le_dit_et_l_heure_du_serveur_fait_foi(requete: HttpRequest) -> None:
    page = corps(refuser(requete, RefusMetier("delai_clos", "Le délai est clos.")))
    assert "<h1>C’est trop tard</h1>" in page
    assert 'data-copier="saisie-1"' in page


@pytest.mark.django_db
def test_une_page_absente_est_en_francais(client: Client) -> None:
    reponse = client.get("/nulle-part/")
    assert reponse.status_code == 404
    assert "<h1>Cette page n’existe pas</h1>" in corps(reponse)


@pytest.mark.django_db
@pytest.mark.parametrize("statut", [400, 403, 404, 409, 422, 429, 500, 503])
def test_chaque_lien_d_une_page_d_erreur_mene_quelque_part(requete: HttpRequest, statut: int) -> None:
    codes = {403: "interdit", 404: "introuvable", 409: "conflit", 422: "forme", 429: "trop_vite", 503: "indisponible"}
    reponse = (
        refuser(requete, RefusMetier(codes[statut], "Non.")) if statut in codes else vues._erreur_nue(requete, statut)
    )
    liens = [lien.split("?")[0] for lien in re.findall(r'<a [^>]*href="(/[^"#]*)', corps(reponse))]
    assert liens
    for lien in liens:
        assert resolve(lien)
    assert corps(reponse).count("data-principal") == 1
    assert corps(reponse).count("<h1>") == 1


class TestJetonPerime:
    pytestmark = pytest.mark.django_db

    def envoyer(self, **entetes: str) -> HttpResponse:
        client = Client(enforce_csrf_checks=True)
        return client.post("/affichage/", {"theme": "sombre", "texte": TEXTE}, headers=entetes)  # type: ignore[return-value]

    def test_le_texte_se_renvoie_d_un_geste(self) -> None:
        reponse = self.envoyer()
        assert reponse.status_code == 403
        page = corps(reponse)
        assert f'<input type="hidden" name="texte" value="{ECHAPPE}">' in page
        assert 'action="/affichage/"' in page
        assert "csrfmiddlewaretoken" in page

    @pytest.mark.parametrize(
        "entetes",
        [{"Origin": "https://exemple.invalid"}, {"Sec-Fetch-Site": "cross-site"}],
        ids=["origine", "navigateur"],
    )
    def test_un_envoi_venu_d_ailleurs_ne_se_renvoie_pas(self, entetes: dict[str, str]) -> None:
        reponse = self.envoyer(**entetes)
        assert reponse.status_code == 403
        assert 'type="hidden"' not in corps(reponse)
        assert ECHAPPE in corps(reponse)


def test_la_vitrine_n_existe_pas_en_service(client: Client, db: None) -> None:
    assert client.get("/composants/").status_code == 404


def test_un_hote_faux_se_refuse_sans_panne(rf: RequestFactory) -> None:
    request = rf.post(
        "/affichage/", {"texte": TEXTE}, headers={"Host": "autre.invalid", "Referer": "http://autre.invalid/"}
    )
    assert vues.erreur_400(request).status_code == 400


@pytest.mark.django_db
def test_un_texte_de_plus_de_deux_megaoctets_se_refuse_en_413(client: Client) -> None:
    reponse = client.post("/affichage/", {"texte": "a" * 2_200_000}, content_type="application/x-www-form-urlencoded")
    assert reponse.status_code == 413
    assert "<h1>Votre envoi est trop lourd</h1>" in corps(reponse)


@pytest.mark.django_db
@pytest.mark.parametrize("champ", ["pk", "slug"])
def test_un_quartier_choisi_se_rend_par_son_nom(rf: RequestFactory, champ: str) -> None:
    choisi = quartier(nom="Le Mont-Liébaut")
    request = rf.post("/affichage/", {"quartier": str(getattr(choisi, champ))})
    request.user = AnonymousUser()
    assert f">{choisi.nom}</textarea>" in corps(vues.erreur_403(request))

"""Le site /admin/ : on y entre par la connexion de la maison, dans le groupe « admin » ; sinon la page n'existe pas."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib.admin import AdminSite, ModelAdmin
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, reverse

from participation.comptes.permissions import is_admin

# Ces lignes ne s'écrivent que par les actes des comptes, ou jamais à la main.
HORS_ADMINISTRATION = {"account", "mfa", "usersessions", "auth", "taggit"}


class Administration(AdminSite):
    """L'administration technique. Elle ne pose aucun acte légal : ces actes ont leur page et leur signataire."""

    site_title = site_header = "Administration"
    index_title = "Comptes et territoire"

    def has_permission(self, request: HttpRequest) -> bool:
        """Le groupe « admin », et lui seul."""
        return is_admin(request.user)

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        """404 pour une personne connectée qui n'est pas de l'administration."""
        interne = super().admin_view(view, cacheable)

        @wraps(interne)
        def porte(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.user.is_authenticated and not self.has_permission(request):
                raise Http404
            return interne(request, *args, **kwargs)  # type: ignore[no-any-return]

        return porte

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """La connexion de la maison, à la place du mot de passe de Django."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise Http404
        suite = urlencode({"next": reverse("admin:index")})
        return HttpResponseRedirect(f"{reverse('account_login')}?{suite}")

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Les adresses de Django, sans celles du mot de passe ni la sortie : on sort par la maison."""
        otees = ("password_change", "logout")
        return [u for u in super().get_urls() if not (getattr(u, "name", None) or "").startswith(otees)]

    def register(
        self,
        model_or_iterable: type[Model] | Iterable[type[Model]],
        admin_class: type[ModelAdmin[Any]] | None = None,
        **options: Any,
    ) -> None:
        """N'inscrit pas les tables internes d'allauth et de l'authentification."""
        modeles = [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        if gardes := [m for m in modeles if m._meta.app_label not in HORS_ADMINISTRATION]:
            super().register(gardes, admin_class, **options)

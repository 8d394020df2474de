"""Ce que les essais des comptes partagent : entrer comme une vraie personne, et un appareil qui sait faire des clés."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.core import mail
from django.test import Client
from django.urls import reverse
from fido2.cose import ES256
from fido2.utils import sha256, websafe_decode, websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

ENTRER, CODE = "/compte/login/", "/compte/login/code/confirm/"
PRESENTE_ET_VERIFIEE = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV


def dernier_code() -> str:
    """Le code du dernier courriel parti."""
    trouve = re.search(r"\b(\d{4}-\d{4})\b", str(mail.outbox[-1].body))
    assert trouve, mail.outbox[-1].body
    return trouve[1]


def faux_code(code: str) -> str:
    """Un code de la bonne forme, qui n'est pas celui-ci."""
    return "0000-0000" if code != "0000-0000" else "1111-1111"


def entrer(client: Client, courriel: str, *, suite: str = "", garder: bool = False) -> Any:
    """Demande un code et le tape."""
    plus = {"garder": "on"} if garder else {}
    assert client.post(ENTRER, {"email": courriel, "next": suite} | plus).status_code == 303
    return client.post(CODE, {"code": dernier_code(), "next": suite})


@dataclass
class Appareil:
    """Un appareil qui crée une clé d'accès et signe un défi, comme un téléphone."""

    origine: str = "http://testserver"
    cle: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    identifiant: bytes = b"cle-d-essai-0001"
    personne: bytes = b""

    def creer(self, options: dict[str, Any]) -> str:
        """La réponse à un défi de création."""
        voulu = options["publicKey"]
        self.personne = websafe_decode(voulu["user"]["id"])
        client = CollectedClientData.create("webauthn.create", websafe_decode(voulu["challenge"]), self.origine)
        publique = ES256.from_cryptography_key(self.cle.public_key())  # type: ignore[no-untyped-call]
        attestee = AttestedCredentialData.create(b"\0" * 16, self.identifiant, publique)
        donnees = AuthenticatorData.create(
            sha256(voulu["rp"]["id"].encode()), PRESENTE_ET_VERIFIEE | AuthenticatorData.FLAG.AT, 0, attestee
        )
        objet = AttestationObject.create("none", donnees, {})
        return self._reponse(client, {"attestationObject": websafe_encode(bytes(objet))})

    def signer(self, options: dict[str, Any], *, domaine: str = "testserver") -> str:
        """La réponse à un défi d'entrée."""
        voulu = options["publicKey"]
        client = CollectedClientData.create("webauthn.get", websafe_decode(voulu["challenge"]), self.origine)
        donnees = AuthenticatorData.create(sha256(domaine.encode()), PRESENTE_ET_VERIFIEE, 1)
        signature = self.cle.sign(bytes(donnees) + client.hash, ec.ECDSA(SHA256()))
        return self._reponse(
            client,
            {
                "authenticatorData": websafe_encode(bytes(donnees)),
                "signature": websafe_encode(signature),
                "userHandle": websafe_encode(self.personne),
            },
        )

    def _reponse(self, client: CollectedClientData, plus: dict[str, str]) -> str:
        identifiant = websafe_encode(self.identifiant)
        reponse = {"clientDataJSON": websafe_encode(bytes(client))} | plus
        return json.dumps(
            {
                "id": identifiant,
                "rawId": identifiant,
                "type": "public-key",
                "response": reponse,
                "clientExtensionResults": {"credProps": {"rk": True}},
            }
        )


def options(client: Client) -> dict[str, Any]:
    """Le défi que le serveur propose."""
    recu: dict[str, Any] = client.post(reverse("comptes:cle_options")).json()
    return recu

"""La forme canonique d'un contenu : la même chose donne toujours les mêmes octets, donc la même empreinte."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def json_canonique(contenu: Mapping[str, Any]) -> bytes:
    """JSON aux clés triées, sans blanc, en UTF-8. Lève TypeError pour une valeur qui n'est pas simple."""
    return json.dumps(contenu, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def empreinte_de(contenu: Mapping[str, Any], *, sel: bytes = b"") -> str:
    """SHA-256 hexadécimal du sel, s'il y en a un, suivi du JSON canonique."""
    return hashlib.sha256(sel + json_canonique(contenu)).hexdigest()

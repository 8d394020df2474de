"""Reconnaître une panne : la base ou le disque ne répondent pas, rien n'est cassé dans le code (R11)."""

import errno

from django.db import DataError, InterfaceError, OperationalError

DISQUE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EFBIG, errno.EMFILE, errno.ENFILE}


def is_panne(exception: BaseException | None) -> bool:
    """Vrai si la base ou le disque ne répondent pas."""
    if isinstance(exception, OperationalError | InterfaceError):
        return True
    return isinstance(exception, OSError) and exception.errno in DISQUE


def is_nul(exception: BaseException) -> bool:
    """Vrai si PostgreSQL a refusé un octet NUL : une demande illisible, pas une faute de notre côté."""
    return isinstance(exception, DataError | ValueError) and "NUL (0x00)" in str(exception)


def nom_de(exception: BaseException) -> str:
    """Le genre de la panne et son début, sur une ligne, pour le journal."""
    code = errno.errorcode.get(exception.errno or 0, "") if isinstance(exception, OSError) else ""
    return f"{type(exception).__name__} {code or str(exception)[:120]}".strip()

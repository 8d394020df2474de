"""Les attaques essayées : chacune a réussi une fois, et ne réussit plus."""

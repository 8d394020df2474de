"""Une saisine garde l'échéance de sa transmission : c'est elle que scelle le registre, un report ne la change pas."""

from django.db import migrations, models
from django.db.models import F


def reprendre(apps, schema_editor):
    apps.get_model("consultations", "Saisine").objects.update(echeance_initiale=F("echeance"))


class Migration(migrations.Migration):
    dependencies = [("consultations", "0001_initial")]
    operations = [
        migrations.AddField("saisine", "echeance_initiale", models.DateField("échéance à la transmission", null=True)),
        migrations.RunPython(reprendre, migrations.RunPython.noop),
        migrations.AlterField("saisine", "echeance_initiale", models.DateField("échéance à la transmission")),
        migrations.AlterField(
            "saisine",
            "echeance",
            models.DateField("échéance (dernier jour compris)", help_text="Un report la repousse (règle 9)."),
        ),
    ]

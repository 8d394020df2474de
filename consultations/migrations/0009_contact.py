import django.db.models.deletion
import participation.common.reference
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consultations', '0008_reunion'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.UUIDField(default=participation.common.reference.uuid7, editable=False, primary_key=True, serialize=False)),
                ('resultat', models.CharField(choices=[('EN_COURS', 'Appel en cours'), ('JOINT', 'Joint'), ('MESSAGE', 'Message laissé'), ('SANS_REPONSE', 'Pas de réponse')], max_length=12, verbose_name='résultat')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='note')),
                ('le', models.DateTimeField(verbose_name='le')),
                ('par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('precedent', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='suivant', to='consultations.contact')),
                ('saisine', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='consultations.saisine')),
            ],
            options={
                'verbose_name': 'contact',
                'ordering': ['-le', '-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('precedent__isnull', True)), fields=('saisine',), name='contact_premier_unique', violation_error_message="Un autre agent vient d'appeler cette instance.")],
            },
        ),
    ]

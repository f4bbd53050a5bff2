import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0003_order_of_changes'),
    ]

    operations = [
        migrations.AddField(
            model_name='harvest',
            name='began_at',
            field=models.DateTimeField(null=True, verbose_name='begun'),
        ),
        migrations.AddField(
            model_name='harvest',
            name='pages',
            field=models.PositiveIntegerField(default=0, verbose_name='pages read'),
        ),
        migrations.AddField(
            model_name='harvest',
            name='read_whole_at',
            field=models.DateTimeField(null=True, verbose_name='read whole'),
        ),
        migrations.AddField(
            model_name='harvest',
            name='windows',
            field=models.JSONField(blank=True, default=list, verbose_name='periods to be read'),
        ),
        migrations.CreateModel(
            name='HarvestedRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('identifier', models.CharField(max_length=500, verbose_name='OAI identifier')),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='harvested', to='catalogue.record')),
                ('source', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='harvested', to='catalogue.source')),
            ],
            options={
                'verbose_name': 'harvested record',
                'verbose_name_plural': 'harvested records',
                'constraints': [models.UniqueConstraint(fields=('source', 'identifier'), name='harvested_record_once')],
            },
        ),
    ]

from django.db import migrations, models

import essor.register.types


class Migration(migrations.Migration):

    dependencies = [
        ('register', '0004_vintages_shown_and_indexed'),
    ]

    operations = [
        migrations.AddField(
            model_name='legalunit',
            name='point_source',
            field=models.CharField(default=essor.register.types.PointSource['NONE'], max_length=8),
        ),
        migrations.AddIndex(
            model_name='legalunit',
            index=models.Index(fields=['vintage', 'point_source', 'latitude', 'longitude', 'commune'], name='register_on_map'),
        ),
    ]

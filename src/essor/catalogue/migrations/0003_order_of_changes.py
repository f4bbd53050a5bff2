from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0002_items_works_covers_and_searches'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='record',
            index=models.Index(fields=['changed_at', 'id'], name='record_changed_at'),
        ),
    ]

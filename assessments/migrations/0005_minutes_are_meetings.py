"""After 0004 has carried everything over: the old minutes go, and the order of events is held."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assessments", "0004_record_is_chained")]

    operations = [
        migrations.AddConstraint(
            model_name='event',
            constraint=models.UniqueConstraint(fields=('assessment', 'sequence'), name='event_in_order'),
        ),
        migrations.AddConstraint(
            model_name='event',
            constraint=models.UniqueConstraint(fields=('plan', 'sequence'), name='plan_event_in_order'),
        ),
        migrations.DeleteModel(name='CouncilMinutes'),
    ]

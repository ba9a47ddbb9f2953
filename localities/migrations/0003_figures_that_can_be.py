"""Figures that can be: figures of earlier years stay as they were entered, whatever is written from now on is checked."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('localities', '0002_papers'),
    ]

    operations = [
        AddConstraintNotValid(
            model_name='unityear',
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ('households__isnull', True),
                    ('persons__isnull', True),
                    ('persons__gte', models.F('households')),
                    _connector='OR',
                ),
                name='unit_year_households_within_persons',
                violation_error_message='Số nhân khẩu nhỏ hơn tổng số hộ.',
            ),
        ),
        AddConstraintNotValid(
            model_name='unityear',
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ('households__isnull', True),
                    ('business_households__isnull', True),
                    ('households__gte', models.F('business_households')),
                    _connector='OR',
                ),
                name='unit_year_business_within_households',
                violation_error_message='Số hộ kinh doanh lớn hơn tổng số hộ.',
            ),
        ),
    ]

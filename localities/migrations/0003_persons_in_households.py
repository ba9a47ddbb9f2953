from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('localities', '0002_papers'),
    ]

    operations = [
        # What was kept before the rule stays readable; whoever changes it next mends it.
        AddConstraintNotValid(
            model_name='unityear',
            constraint=models.CheckConstraint(condition=models.Q(('persons__isnull', True), ('households__isnull', True), ('persons__gte', models.F('households')), _connector='OR'), name='unit_year_persons_in_households', violation_error_message='Số nhân khẩu nhỏ hơn tổng số hộ, mà mỗi hộ có ít nhất một người. Kiểm tra.'),
        ),
    ]

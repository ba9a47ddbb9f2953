"""What was issued stays: its row and the file it names are never changed."""

from django.db import migrations

FIXED = """
CREATE TRIGGER row_append_only BEFORE UPDATE OR DELETE ON reports_issuedpaper
    FOR EACH ROW EXECUTE FUNCTION row_append_only();
CREATE TRIGGER stored_file_fixed BEFORE UPDATE ON reports_storedfile
    FOR EACH ROW EXECUTE FUNCTION only_these_change('used_on');
"""
UNFIXED = """
DROP TRIGGER row_append_only ON reports_issuedpaper;
DROP TRIGGER stored_file_fixed ON reports_storedfile;
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_papers"), ("assessments", "0004_record_is_chained")]

    operations = [migrations.RunSQL(FIXED, UNFIXED)]

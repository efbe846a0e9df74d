"""The archive of an agency: filing finished subjects, their packages, retention, appraisal, destruction."""

"""Teaching cases and sessions as files for other programs: MIRCdocument, Anki, Moodle, PDF."""

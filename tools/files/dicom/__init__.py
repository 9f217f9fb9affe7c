"""DICOM: header facts, pixels and how they are shown."""

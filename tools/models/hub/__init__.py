"""Where the files of a system come from and lie: pulled, checked, found again."""

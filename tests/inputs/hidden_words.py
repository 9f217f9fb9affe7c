"""Words of a teaching case that are hidden before the commit, each found nowhere else."""

SECRETS = {
    "title": "Titlesecret",
    "diagnosis": "Zorbulosis",
    "also": ["Quuxoma"],
    "proven_by": "Provensecret",
    "differential": ["Differentialsecret"],
    "discussion": "Discussionsecret",
    "references": ["Referencesecret"],
    "tags": ["Tagsecret"],
    "author": "Authorsecret",
    "licence": "Licencesecret",
}
IMAGE = {"key": "0" * 64, "caption": "Captionsecret", "source": "Sourcesecret", "licence": "Termsecret"}

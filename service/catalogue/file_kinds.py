"""What a file of a catalogue is, by its name and the folder it stands in."""

MEASURE = "measure.yaml"
VOCABULARY = "vocabulary.yaml"
# Adds codes, facts or lists to a vocabulary without being one: a folder that holds it is no base.
EXTENSIONS = "extensions.yaml"
SYNONYMS = "synonyms.yaml"
GLOSSARY = "glossary.yaml"
APPLICATIONS = "applications"
CATEGORIES = "categories"
POINTS = "points"
PARAMETERS = "parameters"
PRIVATE = "private"
_NAMED = frozenset({MEASURE, VOCABULARY, EXTENSIONS, SYNONYMS, GLOSSARY})
_SHARED = frozenset({APPLICATIONS, CATEGORIES, PARAMETERS, POINTS})


def folder_of(path: str) -> str:
    """The folder that says what a file is: the first below ours or below an operator's own."""
    parts = path.split("/")
    return parts[2] if parts[0] == PRIVATE and len(parts) > 2 else parts[1]


def name_of(path: str) -> str:
    return path.rpartition("/")[2]


def is_programme(path: str) -> bool:
    """Whether a file of rules holds a programme: any YAML file of no other kind."""
    is_rules = path.endswith(".yaml")
    return is_rules and name_of(path) not in _NAMED and folder_of(path) not in _SHARED

"""Places of Baden-Württemberg in a text."""

from knowledge import gazetteer


def names(text):
    return [mention.places[0].name for mention in gazetteer.find(text)]


def test_all_places_are_there():
    assert len([p for p in gazetteer.places() if not p.is_district]) == 1101
    assert len([p for p in gazetteer.places() if p.is_district]) == 44


def test_a_place_is_found():
    assert names("Wir sind ein Verein in Herrenberg") == ["Herrenberg"]


def test_a_swabian_place_is_found():
    assert names("z'Metzinga") == ["Metzingen"]


def test_a_shared_name_keeps_all_places():
    assert len(gazetteer.find("Wir kommen aus Altheim")[0].places) > 1


def test_an_everyday_word_is_no_place():
    assert names("Wer bringt den Kuchen mit?") == []


def test_a_landkreis_is_the_district():
    assert gazetteer.find("im Landkreis Karlsruhe")[0].places[0].is_district

"""German words: folding, stems, compounds, dialect."""

from knowledge.language import Compounds, fold, stem, words


def test_missing_umlauts_do_not_matter():
    assert fold("Fördermittel") == fold("Foerdermittel") == fold("Fordermittel")


def test_inflected_forms_share_a_stem():
    assert stem(fold("Gemeinden")) == stem(fold("Gemeinde"))


def test_a_compound_splits_into_words_of_the_knowledge_base():
    known = Compounds(["quartier", "entwicklung", "beratung"])
    assert known.split("quartiersentwicklungsberatung") == ("quartier", "entwicklung", "beratung")


def test_a_word_that_is_no_compound_stays_whole():
    assert Compounds(["quartier"]).split("quartier") == ()


def test_a_dialect_prefix_is_a_word_of_its_own():
    assert words("z'Metzinga") == ["z", "metzinga"]

"""One sentence's margins are those of scikit-learn."""

import numpy as np
import pytest
from sklearn.svm import LinearSVC

from nlu.intents import _features
from nlu.margins import Margins

TEXTS = ["Wer wird gefördert?", "Bis wann läuft die Frist?", "Wie hoch ist der Zuschuss?", "Wer hilft beim Antrag, wer berät?"] * 2


@pytest.mark.parametrize("labels", [[0, 1, 2, 3] * 2, [0, 1, 1, 0] * 2])
def test_margins_are_those_of_the_classifier(labels):
    features = _features(1)
    classifier = LinearSVC(C=0.5).fit(features.fit_transform(TEXTS), labels)
    margins = Margins(features, classifier)
    for text in (*TEXTS, "", "?", "Xyz", "FRIST Frist frist, und wer wer wer?"):
        assert np.allclose(margins.of(text), classifier.decision_function(features.transform([text]))[0])

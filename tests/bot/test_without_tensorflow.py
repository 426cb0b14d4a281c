"""The stand-in for TensorFlow: used where no component needs it, and only there."""

import subprocess
import sys

import pytest

from ops.bot import without_tensorflow
from ops.settings import ROOT


@pytest.mark.parametrize("name", ["DIETClassifier", "TEDPolicy", "UnexpecTEDIntentPolicy", "ResponseSelector", "LanguageModelFeaturizer"])
def test_a_pipeline_with_a_neural_component_gets_the_real_one(tmp_path, name):
    (tmp_path / "config.yml").write_text(f"pipeline:\n  - name: {name}\n")
    assert without_tensorflow.needed_by(tmp_path / "config.yml")


def test_our_own_pipeline_needs_none():
    assert not without_tensorflow.needed_by(ROOT / "config.yml")


def test_rasa_and_spacy_are_imported_without_it():
    code = (
        "import sys; from pathlib import Path; from ops.bot import without_tensorflow as w;"
        "assert w.install(Path('config.yml'));"
        "import rasa.core.run, rasa.engine.recipes.default_components, spacy;"
        "from thinc.compat import has_tensorflow; assert not has_tensorflow;"
        "assert 'tensorflow.python' not in sys.modules or not hasattr(sys.modules['tensorflow'], '__file__')"
    )
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]

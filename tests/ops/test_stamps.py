"""Nothing is made again unless its inputs changed."""

from ops import stamps


def test_the_same_files_have_the_same_fingerprint(tmp_path):
    (tmp_path / "a.yml").write_text("x")
    assert stamps.fingerprint([tmp_path]) == stamps.fingerprint([tmp_path])


def test_content_name_and_removal_of_a_file_each_change_the_fingerprint(tmp_path):
    folder = tmp_path / "entries"
    folder.mkdir()
    (folder / "a.yml").write_text("x")
    seen = {stamps.fingerprint([folder])}
    (folder / "a.yml").write_text("y")
    seen.add(stamps.fingerprint([folder]))
    (folder / "a.yml").rename(folder / "b.yml")
    seen.add(stamps.fingerprint([folder]))
    (folder / "b.yml").unlink()
    seen.add(stamps.fingerprint([folder]))
    assert len(seen) == 4


def test_words_count_as_inputs_too(tmp_path):
    assert stamps.fingerprint([tmp_path], "model 3.4.0") != stamps.fingerprint([tmp_path], "model None")


def test_what_python_compiles_is_no_input(tmp_path):
    before = stamps.fingerprint([tmp_path])
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.cpython-310.pyc").write_bytes(b"x")
    assert stamps.fingerprint([tmp_path]) == before


def test_a_stamp_fits_only_its_value(tmp_path):
    stamp = tmp_path / "deep" / "stamp"
    assert not stamps.fits(stamp, "a")
    stamps.write(stamp, "a")
    assert stamps.fits(stamp, "a") and not stamps.fits(stamp, "b")

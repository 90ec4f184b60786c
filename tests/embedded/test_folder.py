"""A data folder is private, safe to name in any way, and one hotline's at a time."""

import os
import stat
from pathlib import Path

import pytest

from hotline.embedded.folder import LOCK_FILE, LONGEST_SOCKET_PATH, DataFolder
from hotline.errors import SettingsError


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_folder_is_made_private_with_its_parents(tmp_path):
    with DataFolder(tmp_path / "a" / "b") as folder:
        assert mode(folder.path) == 0o700


def test_an_empty_open_folder_is_closed_to_others(tmp_path):
    (tmp_path / "data").mkdir(mode=0o755)

    with DataFolder(tmp_path / "data") as folder:
        assert mode(folder.path) == 0o700


def test_an_open_folder_with_files_of_others_is_refused_and_left_as_it_was(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    home.chmod(0o755)
    (home / "letter.txt").touch()

    with pytest.raises(SettingsError, match="holds files that are not ours"):
        DataFolder(home)

    assert mode(home) == 0o755
    assert [file.name for file in home.iterdir()] == ["letter.txt"]


def test_our_own_folder_that_was_opened_is_closed_again(tmp_path):
    DataFolder(tmp_path / "data").release()
    (tmp_path / "data").chmod(0o755)

    with DataFolder(tmp_path / "data") as folder:
        assert mode(folder.path) == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a folder of another user")
def test_a_folder_of_another_user_is_refused(tmp_path):
    (tmp_path / "data").mkdir(mode=0o700)
    os.chown(tmp_path / "data", 12345, 12345)

    with pytest.raises(SettingsError, match=r"belongs to another user \(id 12345\)"):
        DataFolder(tmp_path / "data")


def test_a_file_in_place_of_the_folder_is_told(tmp_path):
    (tmp_path / "data").touch()

    with pytest.raises(SettingsError, match=r"data cannot be used: File exists\."):
        DataFolder(tmp_path / "data")


def test_a_folder_is_held_under_its_every_name(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "data")
    (tmp_path / "data").mkdir()

    with DataFolder(tmp_path / "link") as folder:
        assert folder.path == (tmp_path / "data").resolve()
        with pytest.raises(
            SettingsError, match=f"in use by another hotline .process {os.getpid()}"
        ):
            DataFolder(tmp_path / "data")
    DataFolder(tmp_path / "data").release()


def test_a_lock_file_that_is_a_link_is_not_followed(tmp_path):
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    (tmp_path / "precious").write_text("precious", encoding="utf-8")
    (data / LOCK_FILE).symlink_to(tmp_path / "precious")

    with pytest.raises(SettingsError, match="cannot be used"):
        DataFolder(data)
    assert (tmp_path / "precious").read_text(encoding="utf-8") == "precious"


def test_a_deep_folder_has_its_socket_in_a_short_private_place(tmp_path):
    with DataFolder(tmp_path / ("deep" * 25)) as folder:
        socket = folder.new_socket()

        assert len(os.fsencode(socket)) <= LONGEST_SOCKET_PATH
        assert mode(socket.parent) == 0o700
        folder.forget_socket()
        assert not socket.parent.exists()


def test_a_new_socket_clears_away_the_place_of_the_one_before(tmp_path):
    deep = tmp_path / ("deep" * 25)
    with DataFolder(deep) as folder:
        before = folder.new_socket()
    with DataFolder(deep) as folder:
        assert folder.new_socket() != before
        assert not before.parent.exists()
        folder.forget_socket()

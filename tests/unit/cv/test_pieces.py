"""Words with their places."""

from __future__ import annotations

from jobmatch_ml.cv.pieces import Piece, join


def test_the_height_is_that_of_the_box() -> None:
    assert Piece("a", 0.0, 10.0, 5.0, 22.0).height == 12.0


def test_joined_pieces_keep_their_place_and_a_type_that_they_share() -> None:
    first = Piece("a", 0.0, 10.0, 5.0, 22.0, (9.0, True, 1))
    second = Piece("b", 20.0, 8.0, 25.0, 20.0, (9.0, True, 1))
    assert join([first, second]) == Piece("a | b", 0.0, 8.0, 25.0, 22.0, (9.0, True, 1))
    assert join([first, Piece("c", 30.0, 8.0, 35.0, 20.0)]).style is None


def test_two_colours_are_one_type_and_a_colon_needs_no_other_sign() -> None:
    first = Piece("Tél. :", 0.0, 10.0, 5.0, 22.0, (9.0, True, 1))
    second = Piece("06 39", 20.0, 8.0, 25.0, 20.0, (9.0, True, 7))
    whole = join([first, second])
    assert (whole.text, whole.style) == ("Tél. : 06 39", (9.0, True, 1))


def test_a_sign_before_words_does_not_count_for_their_type() -> None:
    sign = Piece("■", 0.0, 10.0, 5.0, 22.0, (7.0, False, 3))
    words = Piece("Profil", 8.0, 8.0, 40.0, 20.0, (12.0, True, 1))
    assert join([sign, words]).style == (12.0, True, 1)
    assert join([sign]).style == (7.0, False, 3)

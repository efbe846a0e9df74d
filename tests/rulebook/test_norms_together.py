"""Citations as a letter writes them."""

from gongkai.rulebook.norms import cite, together


def test_the_title_of_a_norm_is_said_once():
    said = together([cite("regulation", 15), cite("regulation", 32), cite("regulation", 36, None, 3)])
    assert said == "《中华人民共和国政府信息公开条例》第十五条、第三十二条、第三十六条第（三）项"


def test_another_norm_is_named_and_nothing_stands_twice():
    said = together(
        [cite("regulation", 30), cite("secrecy_law", 35), cite("regulation", 30), "《中华人民共和国档案法》"]
    )
    assert said.count("第三十条") == 1 and said.count("《") == 3
    assert together([]) == ""

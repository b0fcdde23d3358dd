import numpy as np
import pytest
from plotly.offline import get_plotlyjs_version

from digits.chart import chart_update, probability_chart
from digits.page.content import PLOTLY

PROBABILITIES = [0.0, 0.031, 0.0, 0.004, 0.87, 0.0, 0.0, 0.005, 0.0, 0.09]


@pytest.fixture
def bars():
    [bars] = probability_chart(PROBABILITIES).data
    return bars


def test_every_digit_has_a_bar_as_high_as_its_probability_with_its_percentage(bars):
    assert list(bars.x) == list("0123456789")
    assert list(bars.y) == PROBABILITIES
    assert list(bars.text) == ["0%", "3%", "0%", "0%", "87%", "0%", "0%", "0%", "0%", "9%"]
    assert bars.textposition == "outside"
    assert bars.texttemplate == "%{text}"


def test_the_three_most_likely_digits_have_colours_of_their_own(bars):
    colours = np.array(bars.marker.color)
    rest = set(colours[[0, 2, 3, 5, 6, 7, 8]])
    assert len(rest) == 1
    assert colours[9] == colours[1]
    assert len({colours[4], colours[9], *rest}) == 3


def test_no_bar_stands_out_if_all_digits_are_about_as_likely():
    flat = chart_update([0.1] * 10)
    assert {*flat["marker.color"][0]} == {"rest"}


def test_hover_gives_more_digits_and_the_rank(bars):
    assert "%{y:.2%}" in bars.hovertemplate
    assert "%{customdata}" in bars.hovertemplate
    assert bars.customdata[4] == "most likely"
    assert bars.customdata[9] == "2nd"
    assert bars.customdata[3] == "5th"


def test_an_update_carries_all_that_differs_between_two_charts():
    before = probability_chart([0.1] * 10)
    after = probability_chart(PROBABILITIES)
    update = chart_update(PROBABILITIES)
    for name in ("y", "text", "customdata"):
        before.data[0][name] = update[name][0]
    before.data[0].marker.color = after.data[0].marker.color  # roles: the page's theme has colours
    assert before.to_dict() == after.to_dict()


def test_roles_of_the_colours_follow_the_ranks():
    (roles,) = chart_update(PROBABILITIES)["marker.color"]
    assert roles[4] == "first"
    assert [digit for digit in range(10) if roles[digit] == "next"] == [1, 9]
    assert roles.count("rest") == 7


def test_a_blank_chart_has_no_percentages():
    assert chart_update([0] * 10)["text"] == [[""] * 10]


def test_it_can_be_sent_as_json_whatever_the_floats_are():
    update = chart_update(np.full(10, 0.1, np.float32))
    assert update["y"] == [[0.1] * 10]
    assert all(type(value) is float for value in update["y"][0])


def test_the_browser_draws_with_the_version_that_the_figure_is_made_for():
    """If not: ``npm pack plotly.js-basic-dist-min@VERSION`` has the file."""
    assert f"plotly.js (basic - minified) v{get_plotlyjs_version()}\n" in PLOTLY.read_text()[:100]

"""Draw ten probabilities as a Plotly bar chart.

Plotly is imported only where a figure is made: a live page makes one figure, and then sends what
`chart_update` gives.
"""

import numpy as np

# For a white page such as a notebook; the app replaces them with the colours of its theme.
TEXT_COLOUR = "#3a3d47"
COLOURS = {"first": "#3346d3", "next": "#9aa6f2", "rest": "#d5d8e2"}

# By rank, the most probable digit first.
ROLES = ("first", "next", "next", *["rest"] * 7)
RANKS = ("most likely", "2nd", "3rd", *(f"{rank}th" for rank in range(4, 11)))

STANDS_OUT = 0.2
"""Probability of the most probable digit from which its bar stands out."""

CONFIG = {"displayModeBar": False}
"""Plotly settings for showing the chart: no toolbar."""


def probability_chart(probabilities):
    """Chart the probability of each digit, the three most likely ones in stronger colours.

    Parameters
    ----------
    probabilities : array-like of 10 floats
        From digit 0 to digit 9.

    Returns
    -------
    plotly.graph_objects.Figure
    """
    import plotly.graph_objects as go

    bars = {name: value[0] for name, value in chart_update(probabilities).items()}
    roles = bars.pop("marker.color")
    trace = go.Bar(
        x=[str(digit) for digit in range(10)],
        **bars,
        marker={"color": [COLOURS[role] for role in roles], "line": {"width": 0}},
        texttemplate="%{text}",
        textposition="outside",
        constraintext="none",
        cliponaxis=False,
        hovertemplate="<b>%{x}</b>: %{y:.2%}<br>%{customdata}<extra></extra>",
    )
    layout = {
        "font": {"color": TEXT_COLOUR, "family": "system-ui, sans-serif", "size": 13},
        "xaxis": {
            "type": "category",
            "fixedrange": True,
            "showgrid": False,
            "tickfont": {"size": 16},
        },
        "yaxis": {"range": [0, 1.25], "fixedrange": True, "visible": False},
        "bargap": 0.25,
        "margin": {"l": 4, "r": 4, "t": 0, "b": 28},  # room for a label of 100% beside the bars
        "height": 300,
        "dragmode": False,  # a finger on the chart scrolls the page
        "paper_bgcolor": "rgba(0, 0, 0, 0)",
        "plot_bgcolor": "rgba(0, 0, 0, 0)",
    }
    return go.Figure(trace, layout)


def chart_update(probabilities):
    """Return what differs between the charts of two readings.

    Building a figure takes some 20 ms, so a live page builds one, and sends only this for every
    further reading.

    Parameters
    ----------
    probabilities : array-like of 10 floats
        From digit 0 to digit 9. All zeros: no bars and no percentages, for a blank pad.

    Returns
    -------
    dict
        The argument of ``Plotly.restyle`` that makes the chart show `probabilities`, ready for
        JSON. In place of colours it has the roles ``first``, ``next`` and ``rest``, for the theme
        of the page to colour; all have ``rest`` if no digit stands out.
    """
    probabilities = np.asarray(probabilities, float)
    order = np.argsort(-probabilities, kind="stable")
    rank = np.argsort(order)
    roles = ROLES if probabilities.max() >= STANDS_OUT else ["rest"] * 10
    return {
        "y": [[round(float(p), 4) for p in probabilities]],
        "text": [[f"{p:.0%}" if probabilities.any() else "" for p in probabilities]],
        "customdata": [[RANKS[r] for r in rank]],
        "marker.color": [[roles[r] for r in rank]],
    }

"""Figures in, Markdown out: what a benchmark prints, and what the documents quote of it."""

from statistics import mean, stdev

from benchmarks.common import percent, table

CONDITIONS = {
    "default": "drawn as on the page",
    "anywhere": "any size, anywhere, any pen",
    "coarse": "the same, 14 to 40 pixels in size",
}
READERS = {
    "this recognizer": "ours",
    "same network, crop, scale to 20, centre the box": "crop, scale to 20, centre the box",
    "same network, whole canvas to 28x28": "whole canvas to 28x28",
}
SUBSETS = (
    "real hands, style | n | writers | `default` | `anywhere` | `coarse`",
    "{name} | {n:,} | {writers} | {default, ours:.1%} | {anywhere, ours:.1%} | {coarse, ours:.1%}",
)
CONFIDENCE = (
    "set | n | ECE | NLL | `digit` | `unsure` | `not_a_digit` | accuracy at `digit`",
    "{name} | {n:,} | {ece:.2%} | {nll:.4f} | {digit:.1%} | {unsure:.1%} | {not_a_digit:.1%} | "
    "{accuracy_at_digit:.2%}",
)
NOT_A_DIGIT = (
    "not digits | n | AUROC | FPR at 95 % of digits | called `digit`",
    "{name} | {n:,} | {auroc:.3f} | {fpr_at_95:.1%} | {digit:.1%}",
)
SPREAD = "median / 95th percentile, or the largest if n < 20 (n)"
PICTURES = (
    "kind | n | right | doubted | sure and wrong",
    "{name} | {n} | {right:.1%} | {doubted:.1%} | {sure and wrong:.1%}",
)
NEW_PLACES = (
    "site left out | digits of unseen writers | `anywhere`, trained with it | without it | "
    "`coarse`, with it | without it",
    "{name} | {n:,} | {with, anywhere:.2%} | {without, anywhere:.2%} | {with, coarse:.2%} | "
    "{without, coarse:.2%}",
)


def formatted(layout, figures):
    """Make a table with a row for each name and its figures; `layout` has the header and a row."""
    header, row = layout
    rows = [row.format(name=name, **one).split(" | ") for name, one in figures.items()]
    return table(header.split(" | "), rows)


def real_hands(figures):
    """Show the accuracy of every reader under every condition, from accuracy.py."""
    share, points = "{:.2%} ({:.1%} to {:.1%})", "{:+.2f} ({:+.2f} to {:+.2f})"

    def row(name, key, kind, cell=share, unit=1):
        estimates = (figures[f"{condition}, {key}"][kind] for condition in CONDITIONS)
        return [name, *(cell.format(*(value / unit for value in one)) for one in estimates)]

    rows = [row(name, key, "macro") for name, key in READERS.items()]
    rows.append(row("this recognizer, over all digits", "ours", "pooled"))
    rows.append(row("its gain over cropping, in points", "gain", "pooled", points, 0.01))
    sites = figures["sites"].values()
    return table(["read by", *CONDITIONS.values()], rows) + (
        f"\n\nAccuracy on {figures['n']:,} digits of {figures['writers']} test writers: mean over "
        f"{len(sites)} writing sites, in the last two rows over all digits, since the smallest "
        f"site has only {min(sites)}. In brackets: 95 % bootstrap intervals over writers and their "
        "digits; for a site with one writer, over its digits alone. The most probable digit "
        "counts, whatever the verdict."
    )


def by_site(figures):
    """Show the accuracy on every writing site, from accuracy.py."""
    ours = [figures[f"{condition}, ours"] for condition in CONDITIONS]
    rows = [
        [site, n, *(percent(one[site]) for one in ours)] for site, n in figures["sites"].items()
    ]
    return table(["site", "n", *(f"`{condition}`" for condition in CONDITIONS)], rows)


def accuracy(figures):
    """Show all that accuracy.py measured."""
    sections = {
        "Real hands": real_hands(figures["real_hands"]),
        "By site": by_site(figures["real_hands"]),
        "Styles, told by strokes and shape alone": formatted(SUBSETS, figures["subsets"]),
        "MNIST test": "{accuracy:.2%} of {n:,} images".format(**figures["mnist"]),
        "Confidence": formatted(CONFIDENCE, figures["confidence"]),
        "Not a digit": formatted(NOT_A_DIGIT, figures["not_a_digit"]),
    }
    return "\n\n".join(f"## {title}\n\n{section}" for title, section in sections.items())


def latency(figures):
    """Show how long a drawing takes, from latency.py."""
    ways = figures["ways"]
    usual = next(iter(ways.values()))
    rows = []
    for name, way in ways.items():
        times = usual["all cores"]["median"] / way["all cores"]["median"]
        milliseconds = ["{median:.2f} / {p95:.2f}".format(**way[place]) for place in usual]
        times = "" if "alone" in name else f"{times:.0f}"  # that is no whole reading
        rows.append([name, way["all cores"]["n"], *milliseconds, times])
    header = ["one drawing of 520x520", "n", *(f"{place}, ms" for place in usual)]
    versions = figures["versions"]
    return table([*header, "times faster, all cores"], rows) + (
        "\n\nMedian / 95th percentile of n interleaved calls on "
        f"{figures['machine']}; Python {figures['python']}, ONNX Runtime "
        f"{versions['onnxruntime']}, TensorFlow {versions['tensorflow']}."
    )


def new_places(figures):
    """Show the accuracy on sites that were left out of training, from sites.py."""
    sites = list(figures["sites"].values())
    total = {name: mean(site[name] for site in sites) for name in sites[0]}
    total["n"] = sum(site["n"] for site in sites)
    return formatted(NEW_PLACES, figures["sites"] | {"mean of sites": total}) + (
        f"\n\nNot this network: the notebook was run for {figures['epochs']} epochs with all sites "
        "and without each of those that have at least 50 digits of validation and test writers, "
        "with one seed."
    )


def varied(seeds):
    """Show how much each accuracy varies between the trainings of seeds.py."""
    rows = []
    for name in next(iter(seeds.values())):
        values = [figures[name] for figures in seeds.values()]
        deviation = percent(stdev(values) if len(values) > 1 else None)
        middle, low, high = (percent(value) for value in (mean(values), min(values), max(values)))
        title = name.replace("_", " ").replace("mnist", "MNIST")
        rows.append([title, len(values), middle, deviation, low, high])
    return table(["accuracy", "n", "mean", "standard deviation", "min", "max"], rows)


def teaching(figures):
    """Show what teaching gains a writer, from teaching.py."""
    rows = [
        [writers, count, found["cases"]]
        + [f"{before} -> {after}" for before, after in found["errors"]]
        + [f"{found['others']:,}"]
        for writers in ("training and validation", "test")
        for count, found in figures[writers]["taught"].items()
        if found["cases"]
    ]
    header = ["writers", "taught", "pairs of writer and digit", "errors of this digit"]
    return table([*header, "errors of all others", "drawings of all others"], rows)


def spread_cell(figure):
    """Write what `benchmarks.common.spread` measured, or a single number."""
    return "{median} / {high} ({n})".format(**figure) if isinstance(figure, dict) else figure


def editions(figures):
    """Show both editions of the page side by side, from editions.py."""
    free, gradio, versions = figures["free"], figures["Gradio"], figures["versions"]
    rows = [[name, spread_cell(free[name]), spread_cell(gradio[name])] for name in free]
    return table([SPREAD, "free edition", "Gradio edition"], rows) + (
        f"\n\nOn {figures['machine']}, Chromium {versions['chromium']}. "
        "Of {drawings:,} drawings, {with another model input} get another model input than in "
        "native Python, {with another verdict or label} another verdict or label."
    ).format(**figures["readings"])

from collections import Counter

import numpy as np

from digits.training.writers import SITES, WriterSampler, part_of, split_by_writer
from tests.small_unipen import character


def test_the_split_is_fixed():
    expected = {
        "apa/Ada": "test",
        "apb/Bob": "training",
        "syn/Cem": "training",
        "val/Hal": "test",
        "val/Ida": "validation",
    }
    assert {writer: part_of(writer) for writer in expected} == expected


def test_seven_tenths_of_the_writers_are_for_training_and_two_for_the_test():
    counts = Counter(part_of(f"apa/writer {number}") for number in range(5000))
    assert abs(counts["training"] / 5000 - 0.7) < 0.02
    assert abs(counts["validation"] / 5000 - 0.1) < 0.02
    assert abs(counts["test"] / 5000 - 0.2) < 0.02


def test_all_that_a_writer_wrote_is_in_one_part():
    names = [f"{site}/{name}" for site in SITES for name in "abcd"]
    drawings = [character(label, writer=name) for label in "1A" for name in names]
    parts = split_by_writer(drawings)
    assert list(parts) == ["training", "validation", "test"]
    assert all(parts.values())
    assert sum(map(len, parts.values())) == len(drawings)
    writers = [{drawing.writer for drawing in some} for some in parts.values()]
    assert sum(map(len, writers)) == len(set.union(*writers))


def test_the_four_sites_that_are_kept_for_others_are_in_no_part():
    sites = ("ibm", "imp", "tos", "uqb")
    kept = [f"{site}/writer {number}" for site in sites for number in range(50)]
    drawings = [character("1", writer=writer) for writer in (*kept, "apa/Ada")]
    found = [drawing.writer for some in split_by_writer(drawings).values() for drawing in some]
    assert found == ["apa/Ada"]


def test_a_writer_of_many_drawings_does_not_drown_one_of_few():
    many = [character("1", writer="syn/many", number=number) for number in range(900)]
    few = [character("1", writer="lou/few", number=number) for number in range(9)]
    sample, random = WriterSampler(many + few), np.random.default_rng(0)
    drawn = [sample(random) for _ in range(4000)]
    share = np.mean([drawing.writer == "lou/few" for drawing in drawn])
    assert 0.07 < share < 0.11  # 3 of 33, the square roots; 1 of 101 without
    assert {drawing.source for drawing in few} < {drawing.source for drawing in drawn}

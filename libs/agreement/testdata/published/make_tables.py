"""Makes the tables beside it: ratings with the values that published Python packages give them.

    python3 -m venv venv && venv/bin/pip install -r requirements.txt && venv/bin/python make_tables.py

krippendorff: ordinal and interval alpha · irrCAC: Gwet's AC1 and the standard errors of AC1 and Fleiss' kappa ·
crowd-kit: majority vote, Wawa (reliability-weighted majority), Dawid-Skene. Ratings are our own and seeded, or those of
../textbook. null means undefined.
"""

import json
import random
from pathlib import Path

import krippendorff
import numpy as np
import pandas as pd
from crowdkit.aggregation import DawidSkene, MajorityVote, Wawa
from irrCAC.raw import CAC

HERE = Path(__file__).parent
TEXTBOOK = HERE.parent / "textbook"
DIGITS = 14


def save(name, note, ratings, expected):
    lines = ",\n  ".join(json.dumps(rating) for rating in ratings)
    head = json.dumps({"name": name, "note": note})[1:-1]
    text = f'{{{head},\n "ratings": [\n  {lines}\n ],\n "expected": {json.dumps(expected)}}}\n'
    (HERE / f"{name}.json").write_text(text)


def textbook(name):
    return [tuple(rating) for rating in json.loads((TEXTBOOK / f"{name}.json").read_text())["ratings"]]


def wide(ratings):
    return pd.DataFrame(ratings, columns=["item", "rater", "label"]).pivot(index="item", columns="rater", values="label")


def noisy(rng, items, raters, labels, spread, missing):
    """Raters see a true place on a line and answer somewhere near it."""
    ratings = []
    for item in range(items):
        truth = rng.randrange(len(labels))
        for rater in range(raters):
            if rng.random() < missing:
                continue
            place = round(truth + rng.gauss(0, spread * (1 + rater / raters)))
            ratings.append((f"t{item:03}", f"r{rater}", labels[min(max(place, 0), len(labels) - 1)]))
    return ratings


def alphas(ratings, order):
    """order: labels from lowest to highest."""
    table = wide(ratings)
    numeric = all(_is_number(label) for label in order)
    rank = {label: place for place, label in enumerate(order)}
    ranks = table.map(lambda label: rank.get(label, np.nan)).T.to_numpy(dtype=float)
    expected = {
        "order": order,
        "ordinal": krippendorff.alpha(
            reliability_data=ranks, value_domain=list(range(len(order))), level_of_measurement="ordinal"
        ),
        "interval": None,
    }
    if numeric:
        values = table.map(lambda label: float(label) if isinstance(label, str) else np.nan).T.to_numpy(dtype=float)
        domain = sorted({float(label) for label in order})
        expected["interval"] = krippendorff.alpha(
            reliability_data=values, value_domain=domain, level_of_measurement="interval"
        )
    return expected


def _is_number(text):
    try:
        float(text)
    except ValueError:
        return False
    return True


def save_alphas():
    rng = random.Random(11)
    save(
        "alpha-4x12-textbook",
        "Krippendorff's 4 observers x 12 units: ordinal 0.815, interval 0.849 in his paper.",
        textbook("krippendorff-4x12-textbook"),
        alphas(textbook("krippendorff-4x12-textbook"), ["1", "2", "3", "4", "5"]),
    )
    stars = ["0", "1", "2", "3", "4", "5"]
    ratings = noisy(rng, 80, 4, stars, 0.9, 0.3)
    save("alpha-stars", "Ratings 0 to 5, four raters, 30 % missing.", ratings, alphas(ratings, stars))
    uneven = ["-3", "0", "0.5", "10", "1000"]
    ratings = noisy(rng, 60, 3, uneven, 0.8, 0.2)
    save("alpha-uneven-values", "Values far from evenly spaced: ordinal and interval differ.", ratings, alphas(ratings, uneven))
    words = ["low", "medium", "high", "urgent"]
    ratings = noisy(rng, 50, 3, words, 0.7, 0.25)
    save("alpha-words", "An order that is not the alphabet's; no numbers.", ratings, alphas(ratings, words))


def save_ac1():
    for name in [
        "cohen-2x2-textbook",
        "fleiss-constant-n-different-raters",
        "krippendorff-4x12-textbook",
        "negative",
        "one-rater-constant",
        "random-200",
        "random-200-three-missing",
        "three-raters-full",
        "three-raters-missing",
        "total-disagreement",
        "two-raters-partial",
        "zero",
    ]:
        ratings = textbook(name)
        cac = CAC(wide(ratings), digits=DIGITS)
        ac1 = cac.gwet()["est"]
        expected = {"ac1": ac1["coefficient_value"], "ac1_se": ac1["se"], "pa": ac1["pa"]}
        votes = pd.Series([item for item, _, _ in ratings]).value_counts()
        if votes.nunique() == 1:
            fleiss = CAC(wide(ratings), digits=DIGITS).fleiss()["est"]
            expected |= {"fleiss": fleiss["coefficient_value"], "fleiss_se": fleiss["se"]}
        save(f"ac1-{name}", f"The ratings of ../textbook/{name}.json.", ratings, expected)


def crowd(rng, items, accuracies, labels, missing):
    ratings = []
    for item in range(items):
        truth = rng.choice(labels)
        for rater, accuracy in enumerate(accuracies):
            if rng.random() >= missing:
                label = truth if rng.random() < accuracy else rng.choice(labels)
                ratings.append((f"t{item:03}", f"r{rater}", label))
    return ratings


def without_ties(ratings):
    """crowd-kit breaks a tie by the order of the labels, we do not break it at all."""
    frame = pd.DataFrame(ratings, columns=["task", "worker", "label"])
    tied = set()
    for task, labels in frame.groupby("task").label:
        top = labels.value_counts()
        if len(top) > 1 and top.iloc[0] == top.iloc[1]:
            tied.add(task)
    return [rating for rating in ratings if rating[0] not in tied]


def save_consensus():
    rng = random.Random(23)
    cases = {
        "crowd-mixed": (crowd(rng, 60, [0.9, 0.8, 0.7, 0.5, 0.3], ["billing", "bug", "login"], 0.2), "Five raters, good to poor."),
        "crowd-two-labels": (crowd(rng, 40, [0.95, 0.6, 0.6], ["no", "yes"], 0.0), "Three raters, all vote."),
    }
    ratings = [(item, rater, "billing" if rater == "r4" else label) for item, rater, label in cases["crowd-mixed"][0]]
    cases["crowd-spammer"] = (ratings, "One rater always says the same.")
    for name, (ratings, note) in cases.items():
        ratings = without_ties(ratings)
        frame = pd.DataFrame(ratings, columns=["task", "worker", "label"])
        model = DawidSkene(n_iter=100, tol=1e-5).fit(frame)
        wawa = Wawa().fit(frame)  # its predict_proba is the line "weighted" below, but fails with scikit-learn 1.6 and later
        expected = {
            "majority": MajorityVote().fit_predict(frame).sort_index().to_dict(),
            "skills": wawa.skills_.sort_index().to_dict(),
            "weighted": MajorityVote().fit_predict_proba(frame, wawa.skills_).sort_index().to_dict(orient="index"),
            "dawid_skene": {
                "rounds": len(model.loss_history_),
                "priors": model.priors_.to_dict(),
                "probabilities": model.probas_.sort_index().to_dict(orient="index"),
                "errors": {
                    f"{worker} says {said}": row.to_dict() for (worker, said), row in model.errors_.sort_index().iterrows()
                },
            },
        }
        save(name, note, ratings, expected)


if __name__ == "__main__":
    save_alphas()
    save_ac1()
    save_consensus()

"""Metrics tell of the bot, never of people or servers."""

import re

from bot.metrics import Metrics

# What a label may say: what was done, how it ended, which of a histogram's edges.
LABELS = {"action", "kind", "outcome", "status", "le"}


def filled() -> Metrics:
    metrics = Metrics()
    metrics.interaction("me.settings", 0.02)
    metrics.job("care.card", "done", 0.4)
    metrics.unexpected_error()
    metrics.discord_error(503)
    metrics.watch(lambda: True, lambda: 1.5)
    return metrics


def samples(metrics: Metrics) -> dict[str, float]:
    text = metrics.render().decode()
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in text.splitlines() if line[0] != "#")}


def test_everything_that_happened_is_counted() -> None:
    told = samples(filled())
    assert told['evenkeel_interaction_seconds_count{action="me.settings"}'] == 1
    assert told['evenkeel_interaction_seconds_bucket{action="me.settings",le="0.01"}'] == 0
    assert told['evenkeel_interaction_seconds_bucket{action="me.settings",le="0.025"}'] == 1
    assert told['evenkeel_job_seconds_count{kind="care.card",outcome="done"}'] == 1
    assert told["evenkeel_unexpected_errors_total"] == 1
    assert told['evenkeel_discord_errors_total{status="503"}'] == 1
    assert told["evenkeel_gateway_ready"] == 1
    assert told["evenkeel_scheduler_lag_seconds"] == 1.5


def test_no_label_can_name_a_person_a_server_or_a_channel() -> None:
    used = {label for family in filled().registry.collect() for one in family.samples for label in one.labels}
    assert used == LABELS
    assert not re.search(r"\d{15,}", re.sub(r"_created\S* \S+", "", filled().render().decode()))


def test_two_bots_in_a_process_do_not_count_for_each_other() -> None:
    one, other = Metrics(), Metrics()
    one.unexpected_error()
    assert samples(other)["evenkeel_unexpected_errors_total"] == 0

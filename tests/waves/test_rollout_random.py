"""Rollouts under whatever may happen in whatever order: what is promised holds at every step."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from waves_room import rollout

from trueup.fleet.rollout import (
    advance,
    begin,
    is_lost,
    judged,
    ready,
    resume,
    retry,
    rollout_from_document,
    rollout_to_document,
    settled,
    supersede,
    targets,
    with_router,
)

OLD, NEW, OTHER = "a" * 40, "b" * 40, "c" * 40
NAMES = [f"r{number}" for number in range(6)]
STATES = ["waiting", "writing", "settling", "healthy", "failed", "rolling back", "rolled back", "held"]


class Story(RuleBasedStateMachine):
    """One rollout, of which anything is reported at any time; `seen` are the waves that were begun."""

    @initialize(
        sizes=st.lists(st.integers(1, 3), min_size=1, max_size=3),
        failures=st.sampled_from([0, 1, "50%"]),
        reaction=st.sampled_from(["roll-back", "hold"]),
        needs=st.dictionaries(st.sampled_from(NAMES), st.sampled_from(NAMES), max_size=3),
        has=st.dictionaries(st.sampled_from(NAMES), st.just(OTHER), max_size=2),
    )
    def start(self, sizes, failures, reaction, needs, has):
        names = iter(NAMES)
        waves = [[name for _, name in zip(range(size), names, strict=False)] for size in sizes]
        order = {name: number for number, name in enumerate(NAMES)}
        needs = {name: (other,) for name, other in needs.items() if order[other] < order[name]}
        self.settings = rollout(**{"max-failures": failures, "on-failure": reaction, "settle": "10s", "patience": "1m"})
        self.now = datetime(2026, 11, 28, 12, tzinfo=UTC)
        self.has = has
        self.status = begin("r1", OLD, NEW, "Ann", "", waves, self.now, has=has, needs=needs)

    @rule(name=st.sampled_from(NAMES), state=st.sampled_from(STATES))
    def report(self, name, state):
        if state != "writing" or ready(self.status, name):
            self.step(with_router(self.status, name, state, "so it is", self.now))

    @rule(well=st.booleans())
    def judge(self, well):
        for name in settled(self.status, self.settings, self.now):
            self.step(judged(self.status, name, () if well else ("not yet",), self.settings, self.now))

    @rule(seconds=st.integers(-30, 90))
    def wait(self, seconds):
        self.now += timedelta(seconds=seconds)

    @rule()
    def go_on(self):
        before = self.status
        self.step(advance(before, self.settings, self.now))
        begun = {name for wave in before.waves[: before.at + 1] for name in wave}
        if self.status.at > before.at:
            assert self.status.at == before.at + 1
            unhealthy = [before.routers[name] for name in begun if before.routers[name].state != "healthy"]
            assert all(is_lost(part, self.settings, self.now) for part in unhealthy)

    @rule()
    def work_until_nothing_is_due(self):
        """What a daemon does: begin what is ready, let it settle, find it healthy, go on."""
        for name in [name for name in self.status.routers if ready(self.status, name)]:
            self.step(with_router(self.status, name, "writing", "", self.now))
            self.step(with_router(self.status, name, "settling", "", self.now))
        self.now += timedelta(seconds=10)
        self.judge(True)
        self.go_on()

    @rule(name=st.sampled_from(NAMES))
    def fail(self, name):
        """What a bad change does: a router that was begun fails, and the rollout may stop."""
        if ready(self.status, name):
            self.step(with_router(self.status, name, "writing", "", self.now))
            self.step(with_router(self.status, name, "failed", "refused", self.now))
            self.go_on()

    @rule()
    def crash(self):
        document = json.loads(json.dumps(rollout_to_document(self.status)))
        assert rollout_from_document(document) == self.status
        self.step(resume(rollout_from_document(document), self.now))

    @rule()
    def try_again(self):
        self.status = retry(self.status, self.now)

    @rule()
    def take_over(self):
        ended = supersede(self.status, self.now)
        assert targets(ended) == targets(self.status)
        later = begin("r2", OLD, OTHER, "Ben", "", ended.waves, self.now, has=targets(ended))
        assert targets(later) == targets(ended)

    def step(self, status):
        """Take a step; one that is not running stays where it is."""
        if self.status.state != "running":
            assert targets(status) == targets(self.status)
            assert (status.state, status.at) == (self.status.state, self.status.at)
        self.status = status

    @invariant()
    def none_but_the_begun_waves_are_at_the_new_commit(self):
        begun = {name for wave in self.status.waves[: self.status.at + 1] for name in wave}
        assert {name for name, commit in targets(self.status).items() if commit == NEW} <= begun

    @invariant()
    def each_other_router_is_where_it_was(self):
        found = {name: commit for name, commit in targets(self.status).items() if commit != NEW}
        assert found == {name: self.has.get(name, OLD) for name in found}

    @invariant()
    def nothing_that_is_reported_moves_what_has_ended(self):
        for name in self.status.routers if self.status.state != "running" else ():
            assert targets(with_router(self.status, name, "healthy", "", self.now)) == targets(self.status)

    @invariant()
    def what_has_ended_says_so(self):
        assert (self.status.ended is None) == (self.status.state == "running")
        assert bool(self.status.reason) == bool(self.status.remedy) == (self.status.state == "stopped")


TestStory = Story.TestCase
TestStory.settings = hypothesis(max_examples=100, stateful_step_count=40, deadline=None)

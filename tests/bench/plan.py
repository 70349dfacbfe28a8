# SPDX-License-Identifier: Apache-2.0
"""What is measured: rows (one operation each), surroundings (how many users, in flight, over what), sizes."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Row:
    """One operation. `key` names it in the results and in targets.py."""
    key: str
    title: str
    case: str                      # as sip_load calls it
    reuse: bool = False            # the nonce is kept and nc counted up, instead of a challenge for each request
    watchers: int | None = None    # of each presentity that publishes
    most_in_flight: int | None = None
    fresh: bool = False            # on a server that nobody has loaded: old watchers would be notified, too
    main_only: bool = False        # not in the other surroundings, nor in --quick


# Rows without `fresh` follow each other on one server, and none disturbs the next: those that leave watchers
# behind come last.
ROWS = (
    Row("options", "OPTIONS", "options"),
    Row("register", "REGISTER", "register"),
    Row("register-reuse", "REGISTER, nonce reused", "register", reuse=True),
    Row("message", "MESSAGE", "message"),
    Row("message-reuse", "MESSAGE, nonce reused", "message", reuse=True),
    Row("publish-10", "PUBLISH, 10 watchers", "publish", watchers=10),
    Row("refresh", "SUBSCRIBE, refresh", "refresh"),
    Row("refresh-reuse", "SUBSCRIBE, refresh, nonce reused", "refresh", reuse=True, main_only=True),
    Row("subscribe", "SUBSCRIBE, first", "subscribe"),
    Row("register-first", "REGISTER, first", "register-first", fresh=True),
    Row("mix", "Mix", "mix", watchers=10, fresh=True),
    Row("mix-reuse", "Mix, nonce reused", "mix", reuse=True, watchers=10, fresh=True, main_only=True),
    Row("publish-1", "PUBLISH, 1 watcher", "publish", watchers=1, fresh=True, main_only=True),
    Row("publish-100", "PUBLISH, 100 watchers", "publish", watchers=100, most_in_flight=50, fresh=True,
        main_only=True),
    Row("publish-1000", "PUBLISH, 1,000 watchers", "publish", watchers=1000, most_in_flight=5, fresh=True,
        main_only=True),
)
TITLES = {row.key: row.title for row in ROWS}
CASES = tuple(dict.fromkeys(row.case for row in ROWS))


@dataclasses.dataclass(frozen=True)
class Surroundings:
    """Under which the rows are measured."""
    users: int
    in_flight: int
    transport: str
    seconds: int
    rounds: int
    presentities: int
    first_users: int               # that are registered by "register-first", which ends with the last of them
    main: bool = False             # every row, and the one that targets are about
    peers: tuple = ("durable", "fast")
    one_server: bool = False       # for all rows: quick, but they disturb each other
    most_operations: int = 0       # end a load early; 0: none do

    @property
    def key(self):
        return f"{self.users}-{self.in_flight}-{self.transport}"

    @property
    def title(self):
        return f"{self.users:,} users, {self.in_flight} in flight, {self.transport.upper()}"

    def rows(self, cases=None):
        """Those to measure here, in order; `cases` chooses among them."""
        return [row for row in ROWS if (self.main or not row.main_only) and (not cases or row.case in cases)
                and (row.watchers or 0) < self.users]

    def stages(self, cases=None):
        """The rows in groups; each group has a new server."""
        groups = []
        for row in self.rows(cases):
            if not groups or (row.fresh or groups[-1][0].fresh) and not self.one_server:
                groups.append([])
            groups[-1].append(row)
        return groups

    def users_for(self, row):
        return self.first_users if row.case == "register-first" else self.users

    def load(self, row):
        """The options of sip_load for a row."""
        in_flight = min(self.in_flight, row.most_in_flight or self.in_flight)
        options = {"transport": self.transport, "users": self.users_for(row), "in_flight": in_flight,
                   "seconds": self.seconds, "reuse_nonce": row.reuse}
        if row.watchers is not None:
            # No more watches than 10 a presentity would make: else preparing takes longer than measuring.
            presentities = max(in_flight, self.presentities * 10 // max(10, row.watchers))
            options.update(watchers=row.watchers, presentities=presentities)
        if self.most_operations:
            options["operations"] = self.most_operations
        return options


MAIN = Surroundings(10_000, 50, "udp", seconds=5, rounds=3, presentities=500, first_users=40_000, main=True)
OTHER = {"seconds": 3, "rounds": 3, "presentities": 500, "first_users": 20_000}
SMOKE = {"seconds": 1, "rounds": 1, "presentities": 20, "first_users": 300, "peers": (), "one_server": True,
         "most_operations": 400}

SIZES = {
    "quick": (Surroundings(2_000, 50, "udp", seconds=2, rounds=1, presentities=100, first_users=10_000),),
    "default": (MAIN,),
    "full": (MAIN,
             Surroundings(10_000, 500, "udp", **OTHER),
             Surroundings(10_000, 50, "tcp", **OTHER),
             Surroundings(10_000, 500, "tcp", **OTHER),
             # The peer's write-through mode would take longer to prepare here than all others to measure.
             Surroundings(100_000, 50, "udp", seconds=5, rounds=3, presentities=500, first_users=100_000,
                          peers=("fast",))),
    "smoke": (Surroundings(300, 10, "udp", main=True, **SMOKE), Surroundings(300, 10, "tcp", **SMOKE)),
}


def changed(surroundings, options):
    """What the command line says instead, where it says something."""
    wanted = {name: getattr(options, name) for name in ("users", "in_flight", "transport", "seconds", "rounds")}
    wanted = {name: value for name, value in wanted.items() if value is not None}
    if "users" in wanted:
        wanted["first_users"] = wanted["users"]
    result = []
    for place in surroundings:
        place = dataclasses.replace(place, **wanted)
        if place.presentities < place.in_flight:
            place = dataclasses.replace(place, presentities=place.in_flight)
        if place.key not in [earlier.key for earlier in result]:
            result.append(place)
    return result


def expected_seconds(surroundings, subjects, cases=None):
    """Roughly; what the machine does besides comes on top."""
    total = 0
    for place in surroundings:
        for name in subjects:
            slowness = {"kamailio-durable": 2_000, "kamailio-fast": 3_500}.get(name, 25_000)
            if name.startswith("kamailio") and name.removeprefix("kamailio-") not in place.peers:
                continue
            rows = place.rows(cases)
            prepared = sum(place.users for row in rows if row.case in ("register", "message", "refresh", "mix"))
            prepared += sum(place.presentities * 20 for row in rows if row.watchers)
            starts = len(place.stages(cases)) * (3 + place.users / 25_000)
            total += place.rounds * (len(rows) * place.seconds + prepared / slowness + starts)
    return total

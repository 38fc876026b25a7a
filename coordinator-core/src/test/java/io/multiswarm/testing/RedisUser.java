package io.multiswarm.testing;

import io.multiswarm.internal.needs.NeededCommand;
import java.net.URI;
import java.util.List;

/** As whom a test is known to Redis. Its plain commands are the default user's all the same. */
public enum RedisUser {
  /** Who may do everything. */
  DEFAULT(""),
  /** Who may do what docs/operations.md lists. */
  LISTED(NeededCommand.listed(Rules.FLEETS)),
  /** Who may do what the short form of it says. */
  SHORT(NeededCommand.inShort(Rules.FLEETS)),
  /** Who may do what is listed but for what a node can do without. */
  BARE(NeededCommand.bare(Rules.FLEETS));

  /** Each test has a fleet of its own. */
  private static final class Rules {
    static final String FLEETS = "{*}:swarm:*";
  }

  private static final String NAME = "limited";
  private static final String PASSWORD = "limited-password";

  private final String rules;

  RedisUser(String rules) {
    this.rules = rules;
  }

  List<String> settings() {
    return rules.isEmpty() ? List.of() : List.of("user " + NAME + " on >" + PASSWORD + " " + rules);
  }

  URI in(URI server) {
    return rules.isEmpty()
        ? server
        : URI.create("redis://" + NAME + ":" + PASSWORD + "@" + server.getAuthority());
  }
}

package io.multiswarm.server.auth;

import io.multiswarm.common.Ids;
import io.multiswarm.common.Json;
import io.multiswarm.messaging.ChannelName;
import io.multiswarm.server.protocol.Params;
import org.jspecify.annotations.Nullable;

/** What a scope is good for in a method: everything, or what is the caller's own. */
enum Subject {
  /** Whatever the call names. */
  ALL {
    @Override
    Cover cover(Principal principal, Params params) {
      return Cover.YES;
    }

    @Override
    String missing(Principal principal, Params params) {
      throw new IllegalStateException("nothing is missing to who may all");
    }
  },

  /** The swarm of the parameter {@code swarmId}. */
  SWARM_ID {
    @Override
    Cover cover(Principal principal, Params params) {
      return Cover.of(principal.swarms().matches(swarm(params, "swarmId")));
    }

    @Override
    String missing(Principal principal, Params params) {
      return outside(principal, swarm(params, "swarmId"));
    }
  },

  /** The swarm of the parameter {@code from}, in whose name the call is. */
  FROM {
    @Override
    Cover cover(Principal principal, Params params) {
      return Cover.of(principal.swarms().matches(swarm(params, "from")));
    }

    @Override
    String missing(Principal principal, Params params) {
      return outside(principal, swarm(params, "from"));
    }
  },

  /** Calls that are in no swarm's name. */
  NO_FROM {
    @Override
    Cover cover(Principal principal, Params params) {
      return Cover.of(!params.has("from"));
    }

    @Override
    String missing(Principal principal, Params params) {
      return "to submit in a swarm's name takes the scope swarm";
    }
  },

  /** Calls in the name of a matching swarm, where a call may be in nobody's. */
  GIVEN_FROM {
    @Override
    Cover cover(Principal principal, Params params) {
      return params.has("from") ? FROM.cover(principal, params) : Cover.NO;
    }

    @Override
    String missing(Principal principal, Params params) {
      return params.has("from")
          ? FROM.missing(principal, params)
          : "without from it takes another scope: submit, or observe to watch";
    }
  },

  /** All that is submitted in the name of a matching swarm, unless one task is named. */
  WATCHED_FROM {
    @Override
    Cover cover(Principal principal, Params params) {
      return params.has("taskId") ? Cover.NO : GIVEN_FROM.cover(principal, params);
    }

    @Override
    String missing(Principal principal, Params params) {
      return (params.has("taskId") ? SWARMS_TASK : GIVEN_FROM).missing(principal, params);
    }
  },

  /** A listing of what one matching swarm has. */
  GIVEN_SWARM_ID {
    @Override
    Cover cover(Principal principal, Params params) {
      return params.has("swarmId") ? SWARM_ID.cover(principal, params) : Cover.NO;
    }

    @Override
    String missing(Principal principal, Params params) {
      return params.has("swarmId")
          ? SWARM_ID.missing(principal, params)
          : "without swarmId it takes the scope observe";
    }
  },

  /** A swarm that is to be: of a matching id, or of one that is made to match. */
  NEW_SWARM {
    @Override
    Cover cover(Principal principal, Params params) {
      return Cover.of(
          params.has("id")
              ? principal.swarms().matches(swarm(params, "id"))
              : principal.swarms().newId() != null);
    }

    @Override
    String missing(Principal principal, Params params) {
      return params.has("id")
          ? outside(principal, swarm(params, "id"))
          : "give an id: none of the token's swarms (" + principal.swarms() + ") ends in *";
    }
  },

  /** The channel of a matching swarm. */
  SWARM_CHANNEL {
    @Override
    Cover cover(Principal principal, Params params) {
      String swarmId = swarmOfChannel(params);
      return Cover.of(swarmId != null && principal.swarms().matches(swarmId));
    }

    @Override
    String missing(Principal principal, Params params) {
      String swarmId = swarmOfChannel(params);
      return swarmId == null
          ? "a shared channel takes the scope observe"
          : outside(principal, swarmId);
    }
  },

  /** The shared channels, and that of a matching swarm. */
  CHANNEL {
    @Override
    Cover cover(Principal principal, Params params) {
      String swarmId = swarmOfChannel(params);
      return Cover.of(swarmId == null || principal.swarms().matches(swarmId));
    }

    @Override
    String missing(Principal principal, Params params) {
      return SWARM_CHANNEL.missing(principal, params);
    }
  },

  /** Conflicts of which a matching swarm is a part. */
  CONTESTANT {
    @Override
    Cover cover(Principal principal, Params params) {
      return Cover.of(
          principal.swarms().matches(contestant(params, "swarmA"))
              || principal.swarms().matches(contestant(params, "swarmB")));
    }

    @Override
    String missing(Principal principal, Params params) {
      return "neither %s nor %s is among the token's swarms (%s)"
          .formatted(
              contestant(params, "swarmA"), contestant(params, "swarmB"), principal.swarms());
    }
  },

  /** A listing, of which the caller is shown what it submitted. */
  OWN_SUBMISSIONS {
    @Override
    Cover cover(Principal principal, Params params) {
      return Cover.YES;
    }

    @Override
    String missing(Principal principal, Params params) {
      throw new IllegalStateException("everybody may list nothing");
    }
  },

  /** A task that the same principal submitted. */
  OWN_TASK {
    @Override
    Cover cover(Principal principal, Params params) {
      return Cover.of(params);
    }

    @Override
    boolean covers(Principal principal, TaskOwner task) {
      return principal.isAuthenticated() && principal.name().equals(task.principal());
    }

    @Override
    String missing(Principal principal, Params params) {
      return params.has("taskId")
          ? "task %s is none that %s submitted".formatted(task(params), principal)
          : "to follow a swarm takes the scope observe";
    }
  },

  /** A task that was submitted in the name of a matching swarm. */
  SWARMS_TASK {
    @Override
    Cover cover(Principal principal, Params params) {
      return Cover.of(params);
    }

    @Override
    boolean covers(Principal principal, TaskOwner task) {
      return isAmong(principal, task.from());
    }

    @Override
    String missing(Principal principal, Params params) {
      return params.has("taskId")
          ? "task %s is none of the token's swarms (%s)".formatted(task(params), principal.swarms())
          : GIVEN_FROM.missing(principal, params);
    }
  },

  /** A task that was submitted in the name of a matching swarm, or given to one. */
  SWARMS_TASK_OR_LEASE {
    @Override
    Cover cover(Principal principal, Params params) {
      return Cover.of(params);
    }

    @Override
    boolean covers(Principal principal, TaskOwner task) {
      return isAmong(principal, task.from()) || isAmong(principal, task.swarmId());
    }

    @Override
    String missing(Principal principal, Params params) {
      return SWARMS_TASK.missing(principal, params);
    }
  };

  /** Refuses with {@code INVALID_ARGUMENT} what it cannot decide on. */
  abstract Cover cover(Principal principal, Params params);

  /** Of those that answered {@link Cover#TASK}. */
  boolean covers(Principal principal, TaskOwner task) {
    return false;
  }

  /** What would have been needed; the same whether or not there is what the call names. */
  abstract String missing(Principal principal, Params params);

  static String task(Params params) {
    return Ids.check("taskId", params.string("taskId"));
  }

  private static String swarm(Params params, String name) {
    return Ids.checkSwarm(name, params.string(name));
  }

  private static @Nullable String swarmOfChannel(Params params) {
    return ChannelName.swarmOf(ChannelName.check(params.string("channel")));
  }

  private static String contestant(Params params, String name) {
    Json given = params.json(name);
    return given.isObject()
        ? Ids.checkSwarm(name + ".id", params.params(name).string("id"))
        : swarm(params, name);
  }

  private static boolean isAmong(Principal principal, @Nullable String swarmId) {
    return swarmId != null && principal.swarms().matches(swarmId);
  }

  private static String outside(Principal principal, String swarmId) {
    return "swarm %s is not among the token's swarms (%s)".formatted(swarmId, principal.swarms());
  }
}

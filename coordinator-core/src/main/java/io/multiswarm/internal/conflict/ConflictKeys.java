package io.multiswarm.internal.conflict;

import io.multiswarm.internal.redis.Keys;
import java.util.ArrayList;
import java.util.List;

/** The keys of conflicts; {@code lib/conflict.lua} tells what each holds. */
final class ConflictKeys {

  private final Keys keys;

  ConflictKeys(Keys keys) {
    this.keys = keys;
  }

  /** The first KEYS of every script that may decide. */
  List<String> of(String conflictId) {
    List<String> all = new ArrayList<>(List.of(conflict(conflictId), electorate(conflictId)));
    all.add(open());
    all.add(keys.sys("conflict-log"));
    all.addAll(keys.history("swarm:coordination"));
    all.add(keys.signals());
    return all;
  }

  String conflict(String conflictId) {
    return keys.sys("conflict", conflictId);
  }

  String electorate(String conflictId) {
    return keys.sys("conflict-electorate", conflictId);
  }

  String open() {
    return keys.sys("conflict-open");
  }
}

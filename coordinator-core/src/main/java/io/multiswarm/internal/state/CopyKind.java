package io.multiswarm.internal.state;

import io.multiswarm.internal.redis.Keys;

/** The two kinds of copies; they differ in their keys and in how they are made. */
enum CopyKind {
  SNAPSHOT("snapshot", 2) {
    @Override
    String key(Keys keys, String swarmId, String id) {
      return keys.snapshot(swarmId, id);
    }
  },
  CHECKPOINT("checkpoint", 3) {
    @Override
    String key(Keys keys, String swarmId, String id) {
      return keys.checkpoint(swarmId, id);
    }
  };

  private final String word;
  private final int part;

  CopyKind(String word, int part) {
    this.word = word;
    this.part = part;
  }

  /** Its number in {@code lib/weight}. */
  int part() {
    return part;
  }

  /** In messages, and the beginning of ids. */
  String word() {
    return word;
  }

  abstract String key(Keys keys, String swarmId, String id);

  /** Hash: what {@code lib/copies} says. */
  String index(Keys keys, String swarmId) {
    return keys.sys(word + "s", swarmId);
  }
}

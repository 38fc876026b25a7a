package io.multiswarm.internal.state;

import io.multiswarm.internal.redis.Keys;

/** The two kinds of copies; they differ in their keys and in how they are made. */
enum CopyKind {
  SNAPSHOT("snapshot") {
    @Override
    String key(Keys keys, String swarmId, String id) {
      return keys.snapshot(swarmId, id);
    }
  },
  CHECKPOINT("checkpoint") {
    @Override
    String key(Keys keys, String swarmId, String id) {
      return keys.checkpoint(swarmId, id);
    }
  };

  private final String word;

  CopyKind(String word) {
    this.word = word;
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

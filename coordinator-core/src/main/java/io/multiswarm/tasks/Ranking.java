package io.multiswarm.tasks;

import org.jspecify.annotations.Nullable;

/** The able swarms with credit, in the order of service. Used by one thread at a time. */
public interface Ranking {

  /** An able swarm with credit joins. */
  void add(Candidate candidate);

  /** Always called with what was added. */
  void remove(Candidate candidate);

  /** Who is next; null when there is nobody. Must not be slower than O(log n). */
  @Nullable Candidate first();

  /** {@link #first} was given a task. It is removed and added again with what changed of it. */
  default void served(Candidate candidate) {}

  /** What a successor must know to go on; null when that is nothing. A swarm id. */
  default @Nullable String cursor() {
    return null;
  }
}

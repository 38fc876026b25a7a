package io.multiswarm.tasks;

import io.multiswarm.tasks.TaskStrategy.Candidate;
import io.multiswarm.tasks.TaskStrategy.Ranking;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One cycle over the swarms that may take the task, in the order of their ids. The cursor is the
 * swarm served last, so the cycle goes on where it was when swarms come and go, or leaders.
 */
record RoundRobin() implements TaskStrategy {

  static final String NAME = "round_robin";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Ranking ranking(Lane lane, @Nullable String cursor) {
    return new Ring(cursor);
  }

  private static final class Ring implements Ranking {
    private final TreeMap<String, Candidate> members = new TreeMap<>();
    private @Nullable String cursor;

    Ring(@Nullable String cursor) {
      this.cursor = cursor;
    }

    @Override
    public void add(Candidate candidate) {
      members.put(candidate.swarmId(), candidate);
    }

    @Override
    public void remove(Candidate candidate) {
      members.remove(candidate.swarmId());
    }

    @Override
    public @Nullable Candidate first() {
      Map.Entry<String, Candidate> next = cursor == null ? null : members.higherEntry(cursor);
      next = next == null ? members.firstEntry() : next;
      return next == null ? null : next.getValue();
    }

    @Override
    public void served(Candidate candidate) {
      cursor = candidate.swarmId();
    }

    @Override
    public @Nullable String cursor() {
      return cursor;
    }
  }
}

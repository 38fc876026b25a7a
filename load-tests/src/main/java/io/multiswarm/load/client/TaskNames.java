package io.multiswarm.load.client;

import java.util.concurrent.ThreadLocalRandom;

/** The ids of a run's tasks: numbers behind a prefix that no other run has. */
public final class TaskNames {

  private final String prefix =
      "load-%06x-t".formatted(ThreadLocalRandom.current().nextInt(1 << 24));

  public String of(long number) {
    return prefix + number;
  }

  /** The number in an id that {@link #of} gave. */
  public long number(String id) {
    return Long.parseLong(id, prefix.length(), id.length(), 10);
  }
}

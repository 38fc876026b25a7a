package io.multiswarm.load.tasks;

import java.util.concurrent.ThreadLocalRandom;

/** The ids of a run's tasks: numbers behind a prefix that no other run has. */
final class TaskNames {

  private final String prefix =
      "load-%06x-t".formatted(ThreadLocalRandom.current().nextInt(1 << 24));

  String of(long number) {
    return prefix + number;
  }
}

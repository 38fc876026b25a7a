package io.multiswarm.load.tasks;

import java.util.List;
import reactor.core.scheduler.Scheduler;

/** All the swarms of a run at one session, in this process. */
public abstract class SingleTaskSession implements TaskSession {

  /** Whatever waits in line here would wait behind it. */
  private static final int CALLS_AT_ONCE = 4_096;

  private final List<String> swarms;
  private final Scheduler scheduler;

  protected SingleTaskSession(List<String> swarms, Scheduler scheduler) {
    this.swarms = swarms;
    this.scheduler = scheduler;
  }

  @Override
  public final int index() {
    return 0;
  }

  @Override
  public final List<String> swarms() {
    return swarms;
  }

  @Override
  public final int firstSwarm() {
    return 0;
  }

  @Override
  public final Scheduler scheduler() {
    return scheduler;
  }

  @Override
  public final int callsAtOnce() {
    return CALLS_AT_ONCE;
  }
}

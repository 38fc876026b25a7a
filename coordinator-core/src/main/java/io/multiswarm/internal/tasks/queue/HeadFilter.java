package io.multiswarm.internal.tasks.queue;

import io.multiswarm.common.Capabilities;
import io.multiswarm.internal.redis.Labels;
import io.multiswarm.internal.tasks.store.TaskHead;
import io.multiswarm.tasks.TaskFilter;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A {@link TaskFilter} but for the age, as records are compared with it. */
final class HeadFilter {

  private final TaskFilter filter;
  private final @Nullable String principal;
  private final @Nullable String label;
  private final @Nullable String priority;
  private final @Nullable String capability;
  private final boolean isOfTheFleet;

  /**
   * @param strategy the fleet's
   */
  HeadFilter(TaskFilter filter, String strategy) {
    this.filter = filter;
    String submitter = filter.principal();
    this.principal = submitter == null ? null : Labels.of(submitter);
    String type = filter.type();
    this.label = type == null ? null : Labels.of(type);
    this.priority = filter.priority() == null ? null : filter.priority().ordinal() + ":";
    String required = filter.capability();
    this.capability = required == null ? null : ',' + Capabilities.encoded(List.of(required)) + ',';
    this.isOfTheFleet = strategy.equals(filter.strategy());
  }

  boolean fits(TaskHead task) {
    return isCurrent(task)
        && (filter.from() == null || filter.from().equals(task.from()))
        && (label == null || label.equals(task.type()))
        && (principal == null || principal.equals(task.principal()))
        && isOfLane(task);
  }

  /** What may change while a task lives. */
  private boolean isCurrent(TaskHead task) {
    return (filter.status() == null || filter.status() == task.status())
        && (filter.swarmId() == null || Objects.equals(filter.swarmId(), task.swarmId()));
  }

  /** A lane's name is {@code <priority>:<strategy>:<capability>,…}. */
  private boolean isOfLane(TaskHead task) {
    if (priority == null && capability == null && filter.strategy() == null) {
      return true;
    }
    String lane = task.lane();
    if (priority != null && !lane.startsWith(priority)) {
      return false;
    }
    String[] parts = lane.split(":", 3);
    return (filter.strategy() == null
            || filter.strategy().equals(parts[1])
            || parts[1].isEmpty() && isOfTheFleet)
        && (capability == null || (',' + parts[2] + ',').contains(capability));
  }
}

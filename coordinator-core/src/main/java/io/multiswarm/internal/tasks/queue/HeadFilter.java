package io.multiswarm.internal.tasks.queue;

import io.multiswarm.common.Capabilities;
import io.multiswarm.internal.redis.Labels;
import io.multiswarm.internal.tasks.store.TaskHead;
import io.multiswarm.tasks.TaskFilter;
import io.multiswarm.tasks.TaskStatus;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A {@link TaskFilter} but for the age, as records are compared with it: first their bytes with a
 * piece of text that none may lack, as most records of a long search fit in nothing.
 */
final class HeadFilter {

  private final TaskFilter filter;
  private final @Nullable String principal;
  private final @Nullable String label;
  private final @Nullable String priority;
  private final @Nullable String capability;
  private final boolean isOfTheFleet;
  private final byte[] piece;

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
    this.piece = piece().getBytes(StandardCharsets.UTF_8);
  }

  /** What is likely the rarest; empty when none is needed. */
  private String piece() {
    if (label != null || principal != null) {
      return ' ' + (label == null ? principal : label);
    }
    String swarm = filter.swarmId() == null ? filter.from() : filter.swarmId();
    if (swarm != null) {
      return ':' + swarm + ':';
    }
    if (filter.capability() != null) {
      return Capabilities.encoded(List.of(filter.capability()));
    }
    TaskStatus status = filter.status();
    // One that is pending may be delayed.
    return status == null || status == TaskStatus.PENDING ? "" : status.word() + ':';
  }

  /** Whether a record is to be parsed. */
  boolean mayFit(byte[] record) {
    if (piece.length == 0) {
      return true;
    }
    byte first = piece[0];
    for (int at = 0; at + piece.length <= record.length && record[at] != '\n'; at++) {
      if (record[at] == first
          && Arrays.equals(record, at, at + piece.length, piece, 0, piece.length)) {
        return true;
      }
    }
    return false;
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

package io.multiswarm.internal.recovery;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the plan can learn from a state, which is the user's own: members that have the usual names
 * and shapes. Anything else is no error and tells nothing.
 *
 * @param phase from {@code phase} or {@code currentPhase}
 * @param completed ids of {@code tasks: [{id, description, status}]} by their status; likewise the
 *     next two
 * @param completeness share of those tasks that have an id and a description; null when there is no
 *     list of tasks
 * @param agents length of {@code agents}
 */
record StateReading(
    @Nullable String phase,
    List<String> completed,
    List<String> inProgress,
    List<String> pending,
    @Nullable Double completeness,
    int agents) {

  static StateReading of(Json state) {
    try {
      return read(state.members());
    } catch (CoordinationException e) {
      return read(
          Map.of()); // somebody wrote it past us: it is restored as it is, and tells nothing
    }
  }

  private static StateReading read(Map<String, Json> members) {
    String phase = text(members.get("phase"));
    Json tasks = members.get("tasks");
    Json agents = members.get("agents");
    Tasks read = new Tasks();
    if (tasks != null && tasks.isArray()) {
      tasks.elements().forEach(read::add);
    }
    return new StateReading(
        phase == null ? text(members.get("currentPhase")) : phase,
        read.completed,
        read.inProgress,
        read.pending,
        read.count > 0 ? (double) read.defined / read.count : null,
        agents != null && agents.isArray() ? agents.elements().size() : 0);
  }

  private static @Nullable String text(@Nullable Json value) {
    if (value == null || !value.isString()) {
      return null;
    }
    try {
      return value.text();
    } catch (CoordinationException e) {
      // No text after all, such as half of a surrogate pair: it tells nothing.
      return null;
    }
  }

  private static final class Tasks {
    final List<String> completed = new ArrayList<>();
    final List<String> inProgress = new ArrayList<>();
    final List<String> pending = new ArrayList<>();
    int count;
    int defined;

    void add(Json task) {
      count++;
      if (!task.isObject()) {
        return;
      }
      Map<String, Json> members = task.members();
      String id = text(members.get("id"));
      if (id == null) {
        return;
      }
      if (text(members.get("description")) != null) {
        defined++;
      }
      String status = text(members.get("status"));
      listOf(status == null ? "" : status).add(id);
    }

    private List<String> listOf(String status) {
      return switch (status) {
        case "completed", "done" -> completed;
        case "in_progress", "in-progress", "inProgress", "active", "running", "assigned" ->
            inProgress;
        default -> pending;
      };
    }
  }
}

package io.multiswarm.internal.tasks.distribution;

import io.multiswarm.internal.tasks.distribution.Member.Credit;
import io.multiswarm.tasks.Lane;
import io.multiswarm.tasks.TaskStrategies;
import io.multiswarm.tasks.TaskStrategy.Candidate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The leader's view of the swarms: who can do what, how loaded they are and what they are ready to
 * take. A hint: the assigning script decides, and its answer corrects the view. Confined to one
 * thread at a time.
 */
final class FleetView {

  private final Map<String, Seen> swarms = new HashMap<>();
  private final CapabilityIndex attached = new CapabilityIndex();
  private final CapabilityIndex ready = new CapabilityIndex();
  private final Rankings rankings;
  private final Set<String> unknown = new LinkedHashSet<>();
  private String byDefault = TaskStrategies.LEAST_LOADED;
  private long served;

  private static final class Seen {
    Credit credit;
    Candidate candidate;
    boolean paused;

    Seen(Credit credit, Candidate candidate) {
      this.credit = credit;
      this.candidate = candidate;
    }

    /** What it can be given now of that credit. */
    int open(Credit told) {
      return paused ? 0 : told.unused();
    }
  }

  FleetView(Rankings rankings) {
    this.rankings = rankings;
  }

  void useStrategy(String name) {
    byDefault = name;
  }

  /** Where cycles stood under the leader before; those under way go on where they are. */
  void resume(Map<String, String> cursors) {
    rankings.resume(cursors);
  }

  /** Takes over what was read; the newer of two incarnations wins. */
  void learn(Member member) {
    unknown.remove(member.swarmId());
    Seen seen = swarms.get(member.swarmId());
    if (seen != null && seen.credit.incarnation() > member.credit().incarnation()) {
      return;
    }
    Credit credit = seen == null ? member.credit() : newest(seen.credit, member.credit());
    Candidate candidate =
        new Candidate(
            member.swarmId(),
            member.priority(),
            member.capabilities(),
            member.load(),
            member.isPaused() ? 0 : credit.unused(),
            seen == null ? 0 : seen.candidate.lastServed());
    change(member.swarmId(), seen, credit, candidate).paused = member.isPaused();
  }

  /** Who is not among the members is not attached. */
  void learnAll(List<Member> members) {
    Set<String> present = new HashSet<>();
    members.forEach(member -> present.add(member.swarmId()));
    List.copyOf(swarms.keySet()).stream().filter(id -> !present.contains(id)).forEach(this::forget);
    members.forEach(this::learn);
  }

  void forget(String swarmId) {
    unknown.remove(swarmId);
    Seen seen = swarms.remove(swarmId);
    if (seen != null) {
      index(seen.candidate, null);
    }
  }

  /**
   * A swarm's credit, as a signal or the assigning script tells it.
   *
   * @return the candidate if it can take something now and could not before, so that lanes may wait
   *     for it no longer
   */
  @Nullable Candidate credit(String swarmId, Credit credit) {
    Seen seen = swarms.get(swarmId);
    if (seen == null || seen.credit.incarnation() < credit.incarnation()) {
      unknown.add(swarmId);
      return null;
    }
    if (seen.credit.incarnation() > credit.incarnation()) {
      return null;
    }
    int before = seen.candidate.credit();
    Credit later = seen.credit.later(credit);
    Candidate was = seen.candidate;
    Candidate now = with(was, was.load(), seen.open(later), was.lastServed());
    change(swarmId, seen, later, now);
    return before <= 0 && now.credit() > 0 ? now : null;
  }

  /** What is known of a swarm must be read again. */
  void doubt(String swarmId) {
    unknown.add(swarmId);
  }

  void load(String swarmId, int load) {
    Seen seen = swarms.get(swarmId);
    if (seen != null && seen.candidate.load() != load) {
      Candidate was = seen.candidate;
      change(swarmId, seen, seen.credit, with(was, load, was.credit(), was.lastServed()));
    }
  }

  /** Whether anybody has credit. */
  boolean isReady() {
    return !ready.isEmpty();
  }

  /**
   * What a lane that nobody can take now waits for: whoever will be able to take it has that
   * capability.
   */
  String lacking(Lane lane) {
    return lacksAnybody(lane) ? attached.scarcest(lane) : ready.scarcest(lane);
  }

  /** Who is next for a lane, and by which strategy; null when nobody has credit for it. */
  @Nullable Choice choose(Lane lane) {
    Set<String> eligible = ready.holders(ready.scarcest(lane));
    if (eligible.isEmpty()) {
      return null;
    }
    Rankings.Ranked ranked = rankings.of(lane, byDefault, () -> candidates(eligible));
    Candidate first = ranked.ranking().first();
    return first == null ? null : new Choice(first, ranked);
  }

  /** Someone, and the ranking that says so. */
  record Choice(Candidate candidate, Rankings.Ranked ranked) {}

  /** The choice is given a task: seen at once, confirmed or corrected by the script's answer. */
  void serve(Choice choice) {
    Candidate was = choice.candidate();
    choice.ranked().ranking().served(was);
    Seen seen = swarms.get(was.swarmId());
    if (seen != null) {
      Candidate now = with(was, was.load() + 1, was.credit() - 1, ++served);
      change(was.swarmId(), seen, seen.credit, now);
    }
  }

  /** Whether a capability that the lane needs is nobody's; seen at a glance. */
  boolean lacksAnybody(Lane lane) {
    return attached.holders(attached.scarcest(lane)).isEmpty();
  }

  /** Whether somebody with credit may be able to take it; seen at a glance. */
  boolean mayBeTaken(Lane lane) {
    return !ready.holders(ready.scarcest(lane)).isEmpty();
  }

  /** Whether any attached swarm has what the lane needs, with credit or without. */
  boolean isRoutable(Lane lane) {
    return attached.holders(attached.scarcest(lane)).stream()
        .anyMatch(id -> candidate(id).isAble(lane));
  }

  boolean isEmpty() {
    return swarms.isEmpty();
  }

  /** Swarms that gave credit and must be read first, at most {@code limit}; they are removed. */
  List<String> takeUnknown(int limit) {
    List<String> taken = unknown.stream().limit(limit).toList();
    unknown.removeAll(taken);
    return taken;
  }

  private List<Candidate> candidates(Collection<String> swarmIds) {
    List<Candidate> all = new ArrayList<>(swarmIds.size());
    swarmIds.forEach(id -> all.add(candidate(id)));
    return all;
  }

  private Candidate candidate(String swarmId) {
    return Objects.requireNonNull(swarms.get(swarmId)).candidate;
  }

  /** Those of the members that can take something. */
  List<Candidate> candidatesOf(List<Member> members) {
    return members.stream()
        .map(member -> swarms.get(member.swarmId()))
        .filter(seen -> seen != null && seen.candidate.credit() > 0)
        .map(seen -> seen.candidate)
        .toList();
  }

  private static Credit newest(Credit seen, Credit told) {
    return seen.incarnation() == told.incarnation() ? seen.later(told) : told;
  }

  private Seen change(String swarmId, @Nullable Seen seen, Credit credit, Candidate candidate) {
    index(seen == null ? null : seen.candidate, candidate);
    if (seen == null) {
      Seen first = new Seen(credit, candidate);
      swarms.put(swarmId, first);
      return first;
    }
    seen.credit = credit;
    seen.candidate = candidate;
    return seen;
  }

  private void index(@Nullable Candidate before, @Nullable Candidate after) {
    boolean sameAbilities =
        before != null && after != null && before.capabilities().equals(after.capabilities());
    if (!sameAbilities) {
      move(attached, before, after);
    }
    Candidate couldTake = before != null && before.credit() > 0 ? before : null;
    Candidate canTake = after != null && after.credit() > 0 ? after : null;
    if (!sameAbilities || (couldTake == null) != (canTake == null)) {
      move(ready, couldTake, canTake);
    }
    rankings.change(before, after);
  }

  private static void move(
      CapabilityIndex index, @Nullable Candidate before, @Nullable Candidate after) {
    if (before != null) {
      index.remove(before.swarmId(), before.capabilities());
    }
    if (after != null) {
      index.add(after.swarmId(), after.capabilities());
    }
  }

  private static Candidate with(Candidate was, int load, int credit, long lastServed) {
    return new Candidate(
        was.swarmId(), was.priority(), was.capabilities(), load, credit, lastServed);
  }
}

package io.multiswarm.common;

import java.security.SecureRandom;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The grammar of identifiers: {@code [A-Za-z0-9][A-Za-z0-9._-]{0,127}}.
 *
 * <p>Checked before any id reaches Redis, because an id becomes part of a key. Swarm ids must
 * moreover not be a word that the key layout uses after {@code swarm:}.
 */
public final class Ids {

  private static final int MAX_LENGTH = 128;
  private static final String SHAPE =
      "1 to 128 characters of A-Z a-z 0-9 . _ - that begin with a letter or digit";

  /** Words that name system keys or channels; {@code sys} holds all keys of our own layout. */
  private static final Set<String> RESERVED =
      Set.of(
          "index",
          "status",
          "archive",
          "metrics",
          "leader",
          "state",
          "snapshot",
          "checkpoint",
          "global",
          "coordination",
          "agents",
          "tasks",
          "events",
          "sys");

  private static final Pattern BASE_36 = Pattern.compile("[0-9a-z]+");

  /** Characters that all but one in a billion processes have in their part of an id. */
  private static final int LEAST_RANDOM = 7;

  /** Tells the ids of this process from those of all others. */
  private static final String PROCESS =
      Long.toString(new SecureRandom().nextLong() & Long.MAX_VALUE, Character.MAX_RADIX);

  private static final AtomicLong COUNTER = new AtomicLong();

  private Ids() {}

  /** Asked several times a message, so without a regular expression. */
  public static boolean isWellFormed(@Nullable String id) {
    if (id == null || id.isEmpty() || id.length() > MAX_LENGTH || !isAlphanumeric(id.charAt(0))) {
      return false;
    }
    for (int i = 1; i < id.length(); i++) {
      char c = id.charAt(i);
      if (!isAlphanumeric(c) && c != '.' && c != '_' && c != '-') {
        return false;
      }
    }
    return true;
  }

  private static boolean isAlphanumeric(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
  }

  /** Whether an id is one that the system keeps for itself. */
  public static boolean isReserved(String id) {
    return RESERVED.contains(id);
  }

  /** Whether a text may be the id of a swarm. */
  public static boolean isSwarmId(@Nullable String id) {
    return id != null && isWellFormed(id) && !isReserved(id);
  }

  /** Returns {@code id}, or refuses it with {@code INVALID_ARGUMENT}, naming {@code what} it is. */
  public static String check(String what, @Nullable String id) {
    if (id == null || !isWellFormed(id)) {
      throw CoordinationException.invalid(what, "%s is no valid id; use %s", shown(id), SHAPE);
    }
    return id;
  }

  /** As {@link #check}, and refuses the reserved words. */
  public static String checkSwarm(String what, @Nullable String id) {
    String wellFormed = check(what, id);
    if (isReserved(wellFormed)) {
      throw CoordinationException.invalid(
          what, "\"%s\" is a reserved word; choose another swarm id", wellFormed);
    }
    return wellFormed;
  }

  /**
   * A new id that no other call in any process returns: the prefix, 63 random bits of this process
   * and a counter. Unique, not secret: who sees one can guess the next.
   */
  public static String unique(String prefix) {
    long number = COUNTER.incrementAndGet();
    return prefix + '-' + PROCESS + '-' + Long.toString(number, Character.MAX_RADIX);
  }

  /** Whether an id has the form of those that {@link #unique} makes. */
  public static boolean isUnique(String prefix, String id) {
    int first = prefix.length();
    int last = id.lastIndexOf('-');
    return last - first > LEAST_RANDOM
        && id.startsWith(prefix)
        && id.charAt(first) == '-'
        && BASE_36.matcher(id).region(first + 1, last).matches()
        && BASE_36.matcher(id).region(last + 1, id.length()).matches();
  }

  private static String shown(@Nullable String id) {
    if (id == null) {
      return "null";
    }
    return '"' + Texts.shortened(id, 40).replaceAll("\\p{Cntrl}", "?") + '"';
  }
}

package io.multiswarm.server.auth;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a token may be allowed; {@link Rights} says what each method takes. */
public enum Scope {
  /** To be a swarm that its patterns allow: create, attach, speak, work. */
  SWARM,
  /** To hand in tasks, and to follow and cancel what the same principal handed in. */
  SUBMIT,
  /** To read what goes on. */
  OBSERVE,
  /** Everything. */
  ADMIN;

  private final String word = name().toLowerCase(Locale.ROOT);

  /** As tokens have it. */
  public String word() {
    return word;
  }

  static Optional<Scope> of(String word) {
    return Arrays.stream(values()).filter(scope -> scope.word.equals(word)).findFirst();
  }
}

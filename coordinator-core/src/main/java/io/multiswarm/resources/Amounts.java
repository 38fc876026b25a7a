package io.multiswarm.resources;

import io.multiswarm.common.CoordinationException;

/** What an amount may be: everything that a JSON number and a Lua number carry exactly. */
final class Amounts {

  static final long MAX = Pool.MAX_AMOUNT;

  private Amounts() {}

  /** Returns the amount, or refuses it with {@code INVALID_ARGUMENT}. */
  static long check(String what, long amount) {
    return check(what, amount, 1);
  }

  static long check(String what, long amount, long least) {
    if (amount < least || amount > MAX) {
      throw CoordinationException.invalid(
          what, "must be an integer from %d to %d, is %d", least, MAX, amount);
    }
    return amount;
  }
}

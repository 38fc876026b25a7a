package io.multiswarm.load.target;

import java.util.List;

/**
 * An entry of {@code SLOWLOG}.
 *
 * @param micros that the command took, by the clock on the wall
 * @param arguments the command and what it was given, as far as Redis keeps it
 */
public record SlowCall(long micros, List<String> arguments) {}

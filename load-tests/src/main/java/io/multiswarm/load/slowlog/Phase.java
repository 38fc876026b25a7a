package io.multiswarm.load.slowlog;

import io.multiswarm.load.target.SlowCall;
import java.util.List;

/**
 * What Redis took long for while one part was played.
 *
 * @param calls that are in the log, but for the bare script's
 */
record Phase(String name, List<SlowCall> calls, BareCalls bare) {}

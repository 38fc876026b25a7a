package io.multiswarm.server.ctl;

import java.time.Instant;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * What the process gives to its commands.
 *
 * @param environment its variables
 * @param scheduler for deadlines and intervals
 * @param now the time, to tell ages
 * @param await waits for the exit code
 */
public record Surroundings(
    Map<String, String> environment,
    Scheduler scheduler,
    Supplier<Instant> now,
    ToIntFunction<Mono<Integer>> await) {}

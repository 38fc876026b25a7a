package io.multiswarm.registry;

/** What a swarm did since it was registered; lags behind by about a second. */
public record SwarmMetrics(long tasksCompleted, long tasksFailed, long messagesSent, long errors) {}

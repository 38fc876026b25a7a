package io.multiswarm.state;

import java.time.Instant;

/**
 * A version of a state that was saved.
 *
 * @param version 1 for the first; each is greater than the one before
 * @param savedAt by Redis's clock
 */
public record SavedVersion(long version, Instant savedAt) {}

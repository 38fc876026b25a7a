package io.multiswarm.messaging;

import io.multiswarm.common.Json;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a request.
 *
 * @param from the swarm that answered
 * @param data null when the answer is an error
 * @param error the application's own error; null when the answer is data
 */
public record Reply(String from, @Nullable Json data, @Nullable Json error) {}

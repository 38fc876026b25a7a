package io.multiswarm.server.client;

import io.multiswarm.common.Json;

/**
 * What the server said without being asked.
 *
 * @param method of the notification
 * @param params its parameters, an object
 */
public record Told(String method, Json params) {}

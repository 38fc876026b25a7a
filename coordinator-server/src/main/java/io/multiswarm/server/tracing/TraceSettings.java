package io.multiswarm.server.tracing;

import java.net.URI;

/**
 * Where traces go.
 *
 * @param endpoint of a collector, without the path of traces
 * @param service what this program is called there
 */
public record TraceSettings(URI endpoint, String service) {}

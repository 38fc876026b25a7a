package io.multiswarm.server.session;

import io.multiswarm.common.Json;
import reactor.core.publisher.Mono;

/**
 * What a method does.
 *
 * <p>Called on the connection's thread, in the order of the requests; must not block. Gives the
 * result, an object; empty stands for {@code {}}. May throw instead of giving an error. The Mono is
 * subscribed at once, and it may end on any thread.
 */
@FunctionalInterface
public interface Handler {

  Mono<Json> handle(Call call);
}

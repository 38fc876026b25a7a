package io.multiswarm.server.methods;

import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.common.Traceparent;
import io.multiswarm.messaging.ChannelName;
import io.multiswarm.messaging.Messenger;
import io.multiswarm.messaging.Messenger.Published;
import io.multiswarm.messaging.Messenger.Reply;
import io.multiswarm.messaging.NewMessage;
import io.multiswarm.server.protocol.JsonObject;
import io.multiswarm.server.protocol.Params;
import io.multiswarm.server.session.Call;
import io.multiswarm.server.session.MethodTable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** {@code message.*}: what swarms say to each other. */
final class MessageMethods implements MethodTable.Group {

  private static final long DEFAULT_TIMEOUT = Duration.ofSeconds(30).toMillis();
  private static final long MAX_TIMEOUT = Duration.ofHours(1).toMillis();

  private final Messenger messenger;

  MessageMethods(Messenger messenger) {
    this.messenger = messenger;
  }

  @Override
  public void addTo(MethodTable.Builder table) {
    table
        .method("message.send", this::send)
        .method("message.broadcast", this::broadcast)
        .method("message.publish", this::publish)
        .method("message.request", this::request)
        .method("message.reply", this::reply);
  }

  private Mono<Json> send(Call call) {
    String to = call.swarmId("to");
    NewMessage message = message(call.params(), call.params().optionalString("toAgent"));
    return speaking(call, ChannelName.of(to))
        .flatMap(from -> messenger.send(from, to, message))
        .map(MessageMethods::published);
  }

  private Mono<Json> broadcast(Call call) {
    NewMessage message = message(call.params(), null);
    return speaking(call, ChannelName.GLOBAL)
        .flatMap(from -> messenger.broadcast(from, message))
        .map(MessageMethods::published);
  }

  private Mono<Json> publish(Call call) {
    String channel = ChannelName.check(call.params().string("channel"));
    NewMessage message = message(call.params(), null);
    return speaking(call, channel)
        .flatMap(from -> messenger.publish(from, channel, message))
        .map(MessageMethods::published);
  }

  private Mono<Json> request(Call call) {
    String to = call.swarmId("to");
    NewMessage message = message(call.params(), null);
    Duration timeout =
        Duration.ofMillis(call.params().integer("timeoutMs", DEFAULT_TIMEOUT, 1, MAX_TIMEOUT));
    return call.whileOpen(
        speaking(call, ChannelName.of(to))
            .flatMap(from -> messenger.request(from, to, message, timeout))
            .map(MessageMethods::replied));
  }

  private Mono<Json> reply(Call call) {
    Params params = call.params();
    String requestId = params.words("requestId");
    Json data = params.optionalJson("data");
    if (params.has("error")) {
      Json error = params.json("error");
      return call.acting("from")
          .flatMap(from -> messenger.replyError(from, requestId, error))
          .then(Mono.empty());
    }
    if (data == null) {
      throw params.refused("data", "is missing; answer with data or with error");
    }
    return call.acting("from")
        .flatMap(from -> messenger.reply(from, requestId, data))
        .then(Mono.empty());
  }

  /** The right to speak, once what this session subscribed before has its place in the channel. */
  private static Mono<Ownership> speaking(Call call, String channel) {
    return call.acting("from").delayUntil(from -> ChannelFeeds.of(call.session()).placed(channel));
  }

  private static NewMessage message(Params params, @Nullable String toAgent) {
    return new NewMessage(
        params.optionalString("id"),
        params.words("type"),
        params.json("data"),
        toAgent,
        Traceparent.given("metadata", params.optionalObject("metadata")));
  }

  private static Json published(Published published) {
    return JsonObject.with("id", published.id())
        .and("epoch", published.position().epoch())
        .and("offset", published.position().offset())
        .json();
  }

  private static Json replied(Reply reply) {
    JsonObject result = JsonObject.with("from", reply.from());
    return reply.error() == null
        ? result.and("data", reply.data()).json()
        : result.and("error", reply.error()).json();
  }
}

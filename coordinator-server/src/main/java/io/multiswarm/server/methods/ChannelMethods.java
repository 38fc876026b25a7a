package io.multiswarm.server.methods;

import io.multiswarm.common.Json;
import io.multiswarm.messaging.ChannelMessage;
import io.multiswarm.messaging.ChannelName;
import io.multiswarm.messaging.Channels;
import io.multiswarm.messaging.Channels.ChannelSubscription;
import io.multiswarm.messaging.Channels.HistoryPage;
import io.multiswarm.messaging.Position;
import io.multiswarm.registry.SwarmRegistry;
import io.multiswarm.server.protocol.JsonObject;
import io.multiswarm.server.protocol.Params;
import io.multiswarm.server.session.Call;
import io.multiswarm.server.session.CloseCode;
import io.multiswarm.server.session.MethodTable;
import io.multiswarm.server.session.Session;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** {@code channel.*}: what is said on a channel, live and from its history. */
final class ChannelMethods implements MethodTable.Group {

  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 1_000;
  private static final long MAX_OFFSET = (1L << 53) - 1;

  private final Channels channels;
  private final SwarmRegistry registry;

  ChannelMethods(Channels channels, SwarmRegistry registry) {
    this.channels = channels;
    this.registry = registry;
  }

  @Override
  public void addTo(MethodTable.Builder table) {
    table
        .method("channel.subscribe", this::subscribe)
        .method("channel.request", this::request)
        .method("channel.unsubscribe", this::unsubscribe)
        .large("channel.history", this::history);
  }

  private Mono<Json> subscribe(Call call) {
    Params params = call.params();
    String channel = channel(params);
    Position since = since(params);
    Integer credit =
        params.has("credit") ? (int) params.integer("credit", 0, ChannelFeed.MAX_CREDIT) : null;
    Mono<Void> allowed = params.has("swarmId") ? call.acting("swarmId").then() : Mono.empty();
    Session session = call.session();
    ChannelFeeds feeds = ChannelFeeds.of(session);
    ChannelFeed feed = feeds.reserve(channel, credit);
    feed.guardedBy(
        call.guard(JsonObject.with("channel", channel).json(), () -> denied(session, feed)));
    return allowed
        .then(Mono.defer(() -> channels.subscribe(channel, since, session.peer()::wake)))
        .flatMap(begun -> ofExisting(channel, begun))
        .publishOn(session.loop())
        .doOnError(failed -> feeds.end(feed))
        .map(
            begun -> {
              feed.begin(begun);
              call.afterAnswer(() -> feeds.start(feed));
              return subscribed(channel, begun);
            });
  }

  /** The loss of the swarm that it is the channel of has been told; else the session ends. */
  private static void denied(Session session, ChannelFeed feed) {
    String swarmId = ChannelName.swarmOf(feed.channel());
    if (swarmId != null && session.swarms().hasLost(swarmId)) {
      ChannelFeeds.of(session).end(feed);
    } else {
      session.peer().close(CloseCode.BAD_TOKEN, "the token does not allow this channel any more");
    }
  }

  /** Looks after the beginning, so that what is published meanwhile is already part of it. */
  private Mono<ChannelSubscription> ofExisting(String channel, ChannelSubscription begun) {
    return existing(channel).doOnError(unknown -> begun.reader().cancel()).thenReturn(begun);
  }

  private static Json subscribed(String channel, ChannelSubscription begun) {
    return JsonObject.with("channel", channel)
        .and("epoch", begun.position().epoch())
        .and("offset", begun.position().offset())
        .and("recovered", begun.recovered())
        .json();
  }

  private Mono<Json> request(Call call) {
    String channel = channel(call.params());
    int more = (int) call.params().integer("n", 1, ChannelFeed.MAX_CREDIT);
    ChannelFeeds.of(call.session()).require(channel).add(more);
    call.session().peer().wake();
    return Mono.empty();
  }

  private Mono<Json> unsubscribe(Call call) {
    ChannelFeeds.of(call.session()).end(channel(call.params()));
    return Mono.empty();
  }

  private Mono<Json> history(Call call) {
    Params params = call.params();
    int limit = (int) params.integer("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
    String channel = channel(params);
    Position since = since(params);
    return existing(channel)
        .then(Mono.defer(() -> channels.history(channel, since, limit)))
        .map(ChannelMethods::page);
  }

  private static Json page(HistoryPage page) {
    return JsonObject.with("epoch", page.epoch())
        .and("messages", page.messages().stream().map(ChannelMethods::entry).toList())
        .and("first", page.first())
        .and("last", page.last())
        .json();
  }

  private static Json entry(ChannelMessage message) {
    return JsonObject.with("offset", message.position().offset())
        .and("message", message.envelope())
        .json();
  }

  /** {@code NOT_FOUND} for the channel of a swarm that is not registered. */
  private Mono<Void> existing(String channel) {
    String swarmId = ChannelName.swarmOf(channel);
    return swarmId == null ? Mono.empty() : registry.get(swarmId).then();
  }

  private static String channel(Params params) {
    return ChannelName.check(params.string("channel"));
  }

  private static @Nullable Position since(Params params) {
    Params since = params.optionalParams("since");
    if (since == null) {
      return null;
    }
    String epoch = since.string("epoch");
    // The beginning of whatever is kept has no name of its own.
    return epoch.isEmpty() && since.integer("offset", 0, 0) == 0
        ? Position.BEGINNING
        : new Position(epoch, since.integer("offset", 0, MAX_OFFSET));
  }
}

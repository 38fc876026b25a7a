package io.multiswarm.internal.stream;

import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.messaging.Position;
import reactor.core.publisher.Mono;

/** The stored part of channels: positions and pages. One round trip each. */
public final class ChannelHistory {

  private static final String NEWEST = "-";

  private final NodeContext node;
  private final StreamCounters counters;

  public ChannelHistory(NodeContext node, StreamCounters counters) {
    this.node = node;
    this.counters = counters;
  }

  /** Where a channel stands; {@link Page#messages} is empty. */
  public Mono<Page> position(String channel) {
    return position(channel, KnownPosition.NONE);
  }

  /** As {@link #position(String)}, judged by what the stream knows of the channel. */
  public Mono<Page> position(ChannelStream stream) {
    return Mono.defer(() -> position(stream.channel(), stream.landmark()));
  }

  /** As {@link #position(String)}; a channel that lost what is known of it begins an epoch. */
  Mono<Page> position(String channel, KnownPosition known) {
    ScriptCall call =
        node.appending(Script.CHANNEL_POSITION)
            .keys(node.keys().history(channel))
            .arg(known.text());
    return node.link().run(call).map(reply -> Page.from(channel, reply));
  }

  /** At most {@code limit} messages after {@code offset}, and about {@code bytes} of them. */
  public Mono<Page> after(String channel, long offset, int limit, int bytes) {
    return read(channel, Long.toString(offset), limit, bytes, KnownPosition.NONE);
  }

  /**
   * As {@link #after(String, long, int, int)}, judged by what the stream knows of the channel, and
   * by a position that Redis certainly had.
   */
  public Mono<Page> after(ChannelStream stream, Position position, int limit, int bytes) {
    return Mono.defer(
        () ->
            read(
                stream.channel(),
                Long.toString(position.offset()),
                limit,
                bytes,
                stream.landmark(position)));
  }

  /** The newest {@code limit} messages. */
  public Mono<Page> newest(String channel, int limit, int bytes) {
    return read(channel, NEWEST, limit, bytes, KnownPosition.NONE);
  }

  private Mono<Page> read(String channel, String after, int limit, int bytes, KnownPosition known) {
    ScriptCall call =
        node.appending(Script.CHANNEL_READ)
            .keys(node.keys().history(channel))
            .arg(after)
            .arg(limit)
            .arg(bytes)
            .arg(known.text());
    return node.link()
        .run(call)
        .map(reply -> Page.from(channel, reply))
        .doOnNext(page -> counters.pageRead());
  }
}

package io.multiswarm.server.mcp.agent;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import io.multiswarm.messaging.ChannelName;
import io.multiswarm.messaging.Position;
import io.multiswarm.server.protocol.JsonObject;
import io.multiswarm.server.protocol.Params;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Reads what was said to an agent, from the histories of its channels. Subscriptions only tell that
 * there may be something new: what was said is never taken from them.
 *
 * <p>A subscription tells of every message, or of a gap over it. So an agent that has read to the
 * end, and comes back with that cursor before anything was told, is answered without asking Redis:
 * those that wait cost it nothing.
 *
 * <p><b>Threading.</b> The session's thread, but for {@link #hearsEverybody}.
 */
final class AgentInbox {

  /** Messages of an answer. */
  static final int MOST = 20;

  private static final long MOST_OFFSET = (1L << 53) - 1;

  /** Bytes of an answer's messages, above which the next ones wait for the next answer. */
  private static final int MOST_BYTES = 32 << 10;

  /**
   * A channel that the agent hears.
   *
   * @param letter in the cursor
   */
  record Channel(char letter, String name) {

    static final Channel EVERYBODY = new Channel('g', ChannelName.GLOBAL);

    static Channel own(String swarmId) {
      return new Channel('s', ChannelName.of(swarmId));
    }
  }

  /**
   * What came after a cursor.
   *
   * @param messages envelopes, those that the agent sent itself left out
   * @param cursor behind them
   * @param isWhole whether nothing came after it, when it was read
   */
  record Page(List<Json> messages, List<News.Missed> missed, Cursor cursor, boolean isWhole) {}

  private final InnerClient client;
  private final String swarmId;
  private final List<Channel> channels = new CopyOnWriteArrayList<>();

  /** Behind it there is nothing, as far as the subscriptions have told. */
  private @Nullable Cursor end;

  /** How often they have told of something. */
  private long told;

  AgentInbox(InnerClient client, String swarmId) {
    this.client = client;
    this.swarmId = swarmId;
  }

  /**
   * Begins to hear what is said to the swarm, and to all where the token may.
   *
   * @return where the channels are now
   */
  Mono<Cursor> hear() {
    return subscribe(Channel.own(swarmId), new Cursor(Map.of()))
        .flatMap(
            cursor ->
                subscribe(Channel.EVERYBODY, cursor)
                    .onErrorResume(
                        refused -> CoordinationException.is(refused, ErrorCode.PERMISSION_DENIED),
                        refused -> Mono.just(cursor)));
  }

  private Mono<Cursor> subscribe(Channel channel, Cursor cursor) {
    return client
        .call("channel.subscribe", JsonObject.with("channel", channel.name()).json())
        .map(
            begun -> {
              channels.add(channel);
              Params position = Params.of(begun);
              return cursor.with(
                  channel.letter(),
                  new Position(
                      position.string("epoch"), position.integer("offset", 0, MOST_OFFSET)));
            });
  }

  /** From any thread. */
  boolean hearsEverybody() {
    return channels.contains(Channel.EVERYBODY);
  }

  /** A subscription has told of something. */
  void stir() {
    told++;
    end = null;
  }

  /** What came on the channels after the cursor, up to {@link #MOST}, the oldest first each. */
  Mono<Page> after(Cursor cursor) {
    Page nothing = new Page(List.of(), List.of(), cursor, true);
    if (cursor.equals(end)) {
      return Mono.just(nothing);
    }
    long before = told;
    return Flux.fromIterable(channels)
        .reduceWith(
            () -> Mono.just(nothing),
            (sooner, channel) -> sooner.flatMap(page -> more(page, channel)))
        .flatMap(page -> page)
        .doOnNext(page -> end = page.isWhole() && told == before ? page.cursor() : null);
  }

  private Mono<Page> more(Page page, Channel channel) {
    int room = MOST - page.messages().size();
    return room == 0
        ? Mono.just(new Page(page.messages(), page.missed(), page.cursor(), false))
        : read(page, channel, room);
  }

  private Mono<Page> read(Page page, Channel channel, int room) {
    Position since = page.cursor().of(channel.letter());
    JsonObject params = JsonObject.with("channel", channel.name()).and("limit", room);
    if (since != null) {
      params.and(
          "since", JsonObject.with("epoch", since.epoch()).and("offset", since.offset()).json());
    }
    return client
        .call("channel.history", params.json())
        .map(history -> added(page, channel, since, Params.of(history)));
  }

  private Page added(Page page, Channel channel, @Nullable Position since, Params history) {
    String epoch = history.string("epoch");
    List<Json> entries = history.list("messages", MOST);
    long last = history.integer("last", 0, MOST_OFFSET);
    long before = since != null && since.epoch().equals(epoch) ? since.offset() : 0;
    List<News.Missed> missed = new ArrayList<>(page.missed());
    long first = entries.isEmpty() ? last + 1 : offset(Params.of(entries.get(0)));
    if (since != null && first > before + 1) {
      missed.add(new News.Missed(channel.name(), before + 1, first - 1));
    }
    List<Json> messages = new ArrayList<>(page.messages());
    long read = Math.max(before, first - 1);
    int bytes = messages.stream().mapToInt(Json::length).sum();
    for (Json entry : entries) {
      Params params = Params.of(entry);
      Json message = params.object("message");
      bytes += message.length();
      if (bytes > MOST_BYTES && !messages.isEmpty()) {
        break;
      }
      read = offset(params);
      if (!swarmId.equals(Params.of(message).optionalString("swarmId"))) {
        messages.add(message);
      }
    }
    return new Page(
        messages,
        missed,
        page.cursor().with(channel.letter(), new Position(epoch, read)),
        page.isWhole() && read >= last);
  }

  private static long offset(Params entry) {
    return entry.integer("offset", 0, MOST_OFFSET);
  }
}

package io.multiswarm.load.client;

import static io.multiswarm.load.client.StampedData.ascii;

import io.multiswarm.load.client.ServerNotification.Stamp;
import io.multiswarm.load.judge.ChannelPosition;
import io.netty.buffer.ByteBuf;
import reactor.core.publisher.Mono;

/**
 * Sends messages, writing the requests straight into the buffer that leaves. Answers where each was
 * stored.
 */
public final class Publishing {

  private final SwarmClient client;
  private final StampedData data;

  public Publishing(SwarmClient client, StampedData data) {
    this.client = client;
    this.data = data;
  }

  public Mono<ChannelPosition> send(String from, String to, Stamp stamp) {
    return send("", from, to, stamp);
  }

  /** The same with an id, by which it is safe to send it again. */
  public Mono<ChannelPosition> send(String id, String from, String to, Stamp stamp) {
    return client.place(
        "message.send",
        params -> {
          ascii("{\"to\":\"", params);
          ascii(to, params);
          writeRest("\",\"from\":\"", from, id, stamp, params);
        });
  }

  public Mono<ChannelPosition> broadcast(String from, Stamp stamp) {
    return broadcast("", from, stamp);
  }

  /** The same with an id, by which it is safe to send it again. */
  public Mono<ChannelPosition> broadcast(String id, String from, Stamp stamp) {
    return client.place(
        "message.broadcast", params -> writeRest("{\"from\":\"", from, id, stamp, params));
  }

  private void writeRest(String beforeFrom, String from, String id, Stamp stamp, ByteBuf params) {
    ascii(beforeFrom, params);
    ascii(from, params);
    if (!id.isEmpty()) {
      ascii("\",\"id\":\"", params);
      ascii(id, params);
    }
    ascii("\",\"type\":\"load\",\"data\":", params);
    data.write(stamp, params);
    ascii("}", params);
  }
}

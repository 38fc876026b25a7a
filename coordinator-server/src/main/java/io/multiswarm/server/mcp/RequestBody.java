package io.multiswarm.server.mcp;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.server.session.CloseCode;
import io.multiswarm.server.session.NodeBuffers;
import io.multiswarm.server.session.Peer;
import io.multiswarm.server.session.Share;
import io.netty.channel.Channel;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Reads the bodies of requests: of a size at most, within a time, and as far as the node has room.
 * A body counts as held until its request has been answered.
 */
final class RequestBody {

  private final NodeBuffers buffers;
  private final int most;
  private final Duration patience;
  private final Scheduler scheduler;

  /**
   * @param most bytes of a body
   * @param patience from its first byte to its last
   */
  RequestBody(NodeBuffers buffers, int most, Duration patience, Scheduler scheduler) {
    this.buffers = buffers;
    this.most = most;
    this.patience = patience;
    this.scheduler = scheduler;
  }

  /** Reads the body and does the work with it. */
  Mono<Void> with(HttpServerRequest request, Function<byte[], Mono<Void>> work) {
    return Mono.usingWhen(
        Mono.fromSupplier(() -> new Held(request)),
        held -> held.read(request).flatMap(work),
        held -> Mono.fromRunnable(held::end));
  }

  private static CoordinationException tooLarge(int most) {
    return CoordinationException.of(
        ErrorCode.PAYLOAD_TOO_LARGE, "the body has more than %d bytes (MAX_MESSAGE_SIZE)", most);
  }

  /** What one request holds of the node. */
  private final class Held implements Peer {

    private final Share share;
    private final Channel[] channel = new Channel[1];
    private long taken;

    private Held(HttpServerRequest request) {
      request.withConnection(connection -> channel[0] = connection.channel());
      this.share = buffers.share(this);
    }

    private Mono<byte[]> read(HttpServerRequest request) {
      return request
          .receive()
          .asByteArray()
          .collect(ByteArrayOutputStream::new, this::add)
          .map(ByteArrayOutputStream::toByteArray)
          .timeout(patience, Mono.error(RequestBody.this::tooSlow), scheduler);
    }

    private void add(ByteArrayOutputStream body, byte[] chunk) {
      if (body.size() + chunk.length > most) {
        throw tooLarge(most);
      }
      if (!share.take(chunk.length)) {
        throw CoordinationException.of(
            ErrorCode.RESOURCE_EXHAUSTED, "the node has no room for this request now");
      }
      taken += chunk.length;
      body.write(chunk, 0, chunk.length);
    }

    private void end() {
      share.give(taken);
      share.end();
    }

    @Override
    public void send(byte[] utf8) {
      throw new IllegalStateException("a request has no session");
    }

    @Override
    public void wake() {}

    @Override
    public void pauseReading() {}

    @Override
    public void resumeReading() {}

    @Override
    public void close(CloseCode code, String reason) {
      cutOff(code, reason);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // nothing is left to do after it
    public void cutOff(CloseCode code, String reason) {
      channel[0].close();
    }

    @Override
    public void execute(Runnable action) {
      channel[0].eventLoop().execute(action);
    }
  }

  private CoordinationException tooSlow() {
    return CoordinationException.of(
        ErrorCode.DEADLINE_EXCEEDED,
        "the body took more than %d ms (ASSEMBLY_TIMEOUT)",
        patience.toMillis());
  }
}

package io.multiswarm.server.websocket;

import io.multiswarm.server.session.Client;
import io.multiswarm.server.session.CloseCode;
import io.multiswarm.server.session.Dispatcher;
import io.multiswarm.server.session.Peer;
import io.multiswarm.server.session.Session;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;

/**
 * One connection from its upgrade to its end.
 *
 * <p>The inbound stays subscribed to the end, for cancelling it makes Reactor Netty close with a
 * status of its own. A close of ours ends the outbound first and then sends the close frame, so
 * that what was sent before arrives before.
 */
// Futures of writes and closes are ignored: a write that fails closes the channel, which is what
// everything here waits for anyway. Timers end with the channel or check what they find.
@SuppressWarnings("FutureReturnValueIgnored")
final class SocketPeer implements Peer {

  private static final Logger log = LoggerFactory.getLogger(SocketPeer.class);

  /** Answers that wait unread, above which the client's next messages wait, too. */
  private static final long PILE = 2 * Outbound.RELIEF;

  /** And above which the client is given up. */
  private static final long HEAP = 64L << 20;

  private static final int NORMAL_CLOSURE = 1000;

  private record Closing(CloseCode code, String reason) {}

  private final Channel channel;
  private final Outbound outbound;
  private final SocketMonitor monitor;
  private final FrameIntake intake;
  private final Watch watch;
  private final SocketTimings timings;
  private final TextAssembler assembler;
  private final Session session;
  private final Dispatcher dispatcher;
  private @Nullable Closing closing;
  private boolean goodbye;

  SocketPeer(Channel channel, Client client, SessionFactory sessions, SocketTimings timings) {
    this.channel = channel;
    this.timings = timings;
    this.session = sessions.begin(this, client);
    this.dispatcher = sessions.dispatcher(session);
    this.outbound = new Outbound(channel, session.notifications()::poll, this::relieved);
    this.monitor = new SocketMonitor(SocketMonitor.now(channel), outbound::wake);
    this.intake = new FrameIntake(this::receive, this::broken, this::ended);
    this.watch = new Watch(channel, this, monitor, timings);
    this.assembler = new TextAssembler(session.limits().maxFrameBytes());
  }

  /** Serves the connection; completes when it has ended. On the channel's event loop. */
  Mono<Void> serve(WebsocketInbound in, WebsocketOutbound out) {
    channel.pipeline().addFirst("multiswarm.monitor", monitor);
    watch.start();
    in.receiveCloseStatus().subscribe(status -> goodbye = status.code() == NORMAL_CLOSURE);
    in.receiveFrames().subscribe(intake);
    return out.sendObject(outbound)
        .then()
        .then(Mono.defer(() -> lastWords(out)))
        .onErrorResume(this::unsent);
  }

  private Mono<Void> lastWords(WebsocketOutbound out) {
    Closing close = closing;
    return close == null ? Mono.empty() : out.sendClose(close.code.status(), close.reason);
  }

  private void receive(WebSocketFrame frame) {
    if (closing != null || frame instanceof PongWebSocketFrame) {
      return;
    }
    try {
      byte[] text = assembler.add(frame);
      if (text != null) {
        dispatcher.receive(text);
      }
    } catch (TextAssembler.Refused refused) {
      close(refused.code(), String.valueOf(refused.getMessage()));
    }
  }

  /** The client broke the WebSocket protocol, and Netty has told it; or the socket broke. */
  private void broken(Throwable error) {
    log.debug("{}: the connection broke: {}", session, error.toString());
    ended();
  }

  private Mono<Void> unsent(Throwable error) {
    log.debug("{}: the connection broke while sending: {}", session, error.toString());
    return Mono.empty();
  }

  private void ended() {
    watch.stop();
    session.end(goodbye && closing == null);
  }

  Session session() {
    return session;
  }

  boolean isReading() {
    return !intake.isPaused();
  }

  @Override
  public void send(byte[] utf8) {
    outbound.send(utf8);
    long pending = outbound.pendingBytes();
    if (pending > HEAP) {
      close(CloseCode.SLOW_CONSUMER, "answers pile up unread");
    } else if (pending > PILE) {
      onLoop(this::pauseUnlessRead);
    }
  }

  /**
   * Looks again, for what was true when it was asked may be over, and nothing would resume then.
   */
  private void pauseUnlessRead() {
    if (outbound.pendingBytes() > PILE) {
      intake.pause(FrameIntake.Reason.ANSWERS_PILE_UP);
    }
  }

  /** Not at once, for the send loop is at work. */
  private void relieved() {
    execute(() -> intake.resume(FrameIntake.Reason.ANSWERS_PILE_UP));
  }

  @Override
  public void wake() {
    outbound.wake();
  }

  @Override
  public void pauseReading() {
    onLoop(() -> intake.pause(FrameIntake.Reason.CALLS_PILE_UP));
  }

  @Override
  public void resumeReading() {
    onLoop(() -> intake.resume(FrameIntake.Reason.CALLS_PILE_UP));
  }

  @Override
  public void close(CloseCode code, String reason) {
    onLoop(() -> closeNow(code, reason));
  }

  private void onLoop(Runnable action) {
    if (channel.eventLoop().inEventLoop()) {
      action.run();
    } else {
      channel.eventLoop().execute(action);
    }
  }

  private void closeNow(CloseCode code, String reason) {
    if (closing != null) {
      return;
    }
    closing = new Closing(code, reason);
    log.debug("{}: closing with {} ({})", session, code, reason);
    watch.stop();
    session.end(false);
    outbound.finish();
    channel
        .eventLoop()
        .schedule(
            () -> monitor.abort(channel), timings.lastWords().toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void execute(Runnable action) {
    channel.eventLoop().execute(action);
  }
}

package io.multiswarm.server.websocket;

import io.multiswarm.server.session.Client;
import io.multiswarm.server.session.CloseCode;
import io.multiswarm.server.session.Peer;
import io.multiswarm.server.session.Session;
import io.multiswarm.server.session.SessionFactory;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
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
  private static final long PILE = 4L << 20;

  /** The same while the node has no room. */
  private static final long SMALL_PILE = 64L << 10;

  /** Of a message, while nobody knows who it is. */
  private static final int MAX_BEFORE_OPEN = 8 << 10;

  /** For the close frame of who is closed because there is no room for what waits for him. */
  private static final Duration SHORT_WORDS = Duration.ofSeconds(2);

  private static final int NORMAL_CLOSURE = 1000;

  /** Netty's, as its handshaker names it. */
  private static final String DECODER = "wsdecoder";

  private record Closing(CloseCode code, String reason) {}

  private final Channel channel;
  private final Outbound outbound;
  private final SocketMonitor monitor;
  private final FrameGate gate;
  private final Brake controlFrames;
  private final Brake refusals;
  private final Watch watch;
  private final SocketTimings timings;
  private final TextAssembler assembler;
  private final Session session;
  private final Consumer<byte[]> messages;
  private @Nullable Closing closing;
  private boolean goodbye;

  SocketPeer(
      Channel channel,
      LoopTurns turns,
      Client client,
      SessionFactory sessions,
      SocketTimings timings) {
    this(
        channel,
        turns,
        client,
        sessions,
        timings,
        session -> sessions.dispatcher(session)::receive);
  }

  /**
   * @param turns of the channel's event loop
   * @param receiver makes of a session what takes its text messages
   */
  SocketPeer(
      Channel channel,
      LoopTurns turns,
      Client client,
      SessionFactory sessions,
      SocketTimings timings,
      Function<Session, Consumer<byte[]>> receiver) {
    this.channel = channel;
    this.timings = timings;
    this.session = sessions.begin(this, client);
    this.messages = receiver.apply(session);
    this.outbound = new Outbound(channel, session, sessions.meter()::sent, this::answerTaken);
    this.monitor = new SocketMonitor(SocketMonitor.now(channel), outbound::wake);
    this.gate = new FrameGate(session.limits().maxFrameBytes(), session.share(), turns);
    this.controlFrames = new Brake(channel, this, gate, FrameGate.Reason.CONTROL_FRAMES);
    this.refusals = new Brake(channel, this, gate, FrameGate.Reason.REFUSALS);
    this.watch = new Watch(channel, this, monitor, timings);
    this.assembler = new TextAssembler(this::maxMessageBytes, session.share());
  }

  private int maxMessageBytes() {
    int most = session.limits().maxFrameBytes();
    return session.isOpen() ? most : Math.min(most, MAX_BEFORE_OPEN);
  }

  /** Serves the connection; completes when it has ended. On the channel's event loop. */
  Mono<Void> serve(WebsocketInbound in, WebsocketOutbound out) {
    channel.pipeline().addFirst("multiswarm.monitor", monitor);
    channel.pipeline().addBefore(DECODER, "multiswarm.gate", gate);
    fitWindow();
    watch.start();
    in.receiveCloseStatus().subscribe(status -> goodbye = status.code() == NORMAL_CLOSURE);
    in.receiveFrames().subscribe(this::receive, this::broken, this::ended);
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
    if (closing != null) {
      return;
    }
    if (frame instanceof PingWebSocketFrame || frame instanceof PongWebSocketFrame) {
      control(frame);
      return;
    }
    try {
      byte[] text = assembler.add(frame);
      if (text != null) {
        watch.whole();
        messages.accept(text);
      }
    } catch (TextAssembler.Refused refused) {
      close(refused.code(), String.valueOf(refused.getMessage()));
    }
  }

  private void control(WebSocketFrame frame) {
    if (frame instanceof PingWebSocketFrame) {
      outbound.pong(ByteBufUtil.getBytes(frame.content()));
    }
    if (!assembler.isWithinAMessage()) {
      watch.whole();
    }
    controlFrames.count();
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
    gate.close();
    assembler.clear();
    outbound.end();
    session.end(goodbye && closing == null);
  }

  /** Whether a message has begun to come and is not complete, though we do read. */
  boolean isAssembling() {
    return !gate.isPaused() && (gate.isWithinAFrame() || assembler.isWithinAMessage());
  }

  /** Adapts the socket's window to how many share the node's memory. */
  void fitWindow() {
    int window = session.share().window();
    if (channel.config().getWriteBufferHighWaterMark() != window) {
      channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(window / 2, window));
    }
  }

  Session session() {
    return session;
  }

  boolean isReading() {
    return !gate.isPaused();
  }

  @Override
  public void send(byte[] utf8) {
    outbound.send(utf8);
    if (isPiledUp()) {
      onLoop(this::pauseUnlessRead);
    }
  }

  /**
   * Looks again, for what was true when it was asked may be over, and nothing would resume then.
   */
  private void pauseUnlessRead() {
    if (isPiledUp()) {
      gate.pause(FrameGate.Reason.ANSWERS_PILE_UP);
    }
  }

  private boolean isPiledUp() {
    long unread = session.share().unread();
    return unread > PILE || unread > SMALL_PILE && session.share().isOverdrawn();
  }

  /** Not at once, for the send loop is at work. */
  private void answerTaken() {
    long unread = session.share().unread();
    if (unread <= PILE / 2 && gate.isPausedFor(FrameGate.Reason.ANSWERS_PILE_UP)) {
      execute(() -> gate.resume(FrameGate.Reason.ANSWERS_PILE_UP));
    }
    session.answersWereRead();
  }

  @Override
  public void wake() {
    outbound.wake();
  }

  @Override
  public void pauseReading() {
    onLoop(() -> gate.pause(FrameGate.Reason.CALLS_PILE_UP));
  }

  @Override
  public void resumeReading() {
    onLoop(() -> gate.resume(FrameGate.Reason.CALLS_PILE_UP));
  }

  @Override
  public void refused() {
    onLoop(refusals::count);
  }

  @Override
  public void close(CloseCode code, String reason) {
    onLoop(() -> closeNow(code, reason, timings.lastWords()));
  }

  @Override
  public void cutOff(CloseCode code, String reason) {
    onLoop(
        () -> {
          outbound.drop();
          closeNow(code, reason, SHORT_WORDS);
        });
  }

  private void onLoop(Runnable action) {
    if (channel.eventLoop().inEventLoop()) {
      action.run();
    } else {
      channel.eventLoop().execute(action);
    }
  }

  private void closeNow(CloseCode code, String reason, Duration lastWords) {
    if (closing != null) {
      return;
    }
    closing = new Closing(code, reason);
    log.debug("{}: closing with {} ({})", session, code, reason);
    watch.stop();
    gate.close();
    assembler.clear();
    session.end(false);
    outbound.finish();
    channel
        .eventLoop()
        .schedule(() -> monitor.abort(channel), lastWords.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void execute(Runnable action) {
    channel.eventLoop().execute(action);
  }
}

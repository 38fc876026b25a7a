package io.multiswarm.server.session;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import io.multiswarm.server.auth.Right;
import io.multiswarm.server.protocol.Answers;
import io.multiswarm.server.protocol.Frame;
import io.multiswarm.server.protocol.Frame.Entry;
import io.multiswarm.server.protocol.FrameParser;
import io.multiswarm.server.protocol.RequestId;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Takes a session's messages in their order, begins what they ask for, and answers.
 *
 * <p><b>Order.</b> Calls begin in the order of the messages and of the entries of a batch. They end
 * in any order, and their answers leave as they end.
 *
 * <p><b>Threading.</b> {@link #receive} on the connection's thread; calls end on any.
 */
public final class Dispatcher {

  /** Messages in a row without a well-formed request that end the session. */
  static final int MAX_MALFORMED = 10;

  private static final List<Runnable> NOTHING = List.of();

  private final Session session;
  private final InFlight inFlight;
  private final @Nullable RateLimit rate;

  /** Calls that came while the session was about to open; as many as may be in flight. */
  private final Queue<Runnable> held = new ArrayDeque<>();

  private boolean opening;
  private int malformedInRow;

  public Dispatcher(Session session) {
    this.session = session;
    this.inFlight = new InFlight(session.limits().maxInFlight(), session.peer(), session.share());
    this.rate = RateLimit.of(session.limits());
  }

  /** Those of the session's fleet. */
  private MethodTable methods() {
    return session.fleet().methods();
  }

  /** Takes one text message: valid UTF-8, taken over. */
  public void receive(byte[] utf8) {
    if (session.isEnded()) {
      return;
    }
    methods().meter().received(utf8.length);
    Frame frame = FrameParser.parse(utf8);
    CoordinationException slowDown = slowDown(frame, utf8.length);
    if (session.isEnded()) {
      return;
    }
    // One more, unless a well-formed request is found in it.
    malformedInRow++;
    if (frame instanceof Frame.Batch batch) {
      batch(batch.entries(), utf8.length, slowDown);
    } else if (frame instanceof Entry entry) {
      single(entry, utf8.length, slowDown);
    }
    if (malformedInRow >= MAX_MALFORMED) {
      session
          .peer()
          .close(CloseCode.BAD_MESSAGES, MAX_MALFORMED + " messages in a row were no requests");
    }
  }

  /** Why this message must not pass now; who does not heed it is given up. */
  private @Nullable CoordinationException slowDown(Frame frame, int bytes) {
    if (rate == null) {
      return null;
    }
    int count = frame instanceof Frame.Batch batch ? batch.entries().size() : 1;
    CoordinationException refusal = rate.refusal(count, bytes);
    if (refusal != null && !rate.forgives(count)) {
      session.peer().close(CloseCode.RATE_LIMIT, refusal.message());
    }
    return refusal;
  }

  private void single(Entry entry, int bytes, @Nullable CoordinationException slowDown) {
    if (slowDown == null && entry instanceof Frame.Request request && request.isNotification()) {
      inFlight.notificationBegins(bytes);
      begin(entry, null, (answer, afterwards) -> notificationEnded(bytes, answer, afterwards));
      return;
    }
    CoordinationException refusal = slowDown == null ? inFlight.requestBegins(bytes) : slowDown;
    begin(entry, refusal, whole(refusal, bytes));
  }

  private void batch(List<Entry> entries, int bytes, @Nullable CoordinationException slowDown) {
    CoordinationException refusal = slowDown == null ? inFlight.requestBegins(bytes) : slowDown;
    BatchReply reply = new BatchReply(entries.size(), session.share(), whole(refusal, bytes));
    for (int i = 0; i < entries.size(); i++) {
      begin(entries.get(i), refusal, reply.slot(i));
    }
  }

  private ReplySlot whole(@Nullable CoordinationException refusal, int bytes) {
    return refusal == null
        ? (answer, afterwards) -> requestEnded(bytes, answer, afterwards)
        : this::send;
  }

  private void requestEnded(int bytes, byte @Nullable [] answer, List<Runnable> afterwards) {
    inFlight.requestEnded(bytes);
    send(answer, afterwards);
  }

  private void notificationEnded(int bytes, byte @Nullable [] answer, List<Runnable> afterwards) {
    inFlight.notificationEnded(bytes);
    send(answer, afterwards);
  }

  private void send(byte @Nullable [] answer, List<Runnable> afterwards) {
    if (answer != null) {
      session.peer().send(answer);
    }
    afterwards.forEach(session.peer()::execute);
  }

  /**
   * @param refusal for which it is not to begin; null when it may
   */
  private void begin(Entry entry, @Nullable CoordinationException refusal, ReplySlot slot) {
    entry.accept(
        new Frame.Visitor() {
          @Override
          public void request(Frame.Request request) {
            malformedInRow = 0;
            if (refusal == null) {
              call(request, slot);
            } else {
              session.peer().refused();
              refused(request, refusal, slot);
            }
          }

          @Override
          public void malformed(Frame.Malformed malformed) {
            slot.done(Answers.error(malformed.id(), malformed.error()), NOTHING);
          }
        });
  }

  private void call(Frame.Request request, ReplySlot slot) {
    if (opening) {
      // What was sent behind a session.open waits for its answer, in its order.
      held.add(() -> call(request, slot));
      return;
    }
    Call call = null;
    try {
      Method method = found(request.method());
      call = new Call(session, method, request.objectParams(), methods().meter());
      Mono<Json> result = inTurn(method, result(method, call), slot);
      CallSubscriber subscriber = new CallSubscriber(request, call, slot);
      if (method.opens()) {
        opening = true;
        result.doFinally(end -> opened()).subscribe(subscriber);
        if (opening) {
          // What comes meanwhile would be judged as what comes before.
          session.peer().pauseReading();
        }
      } else {
        result.subscribe(subscriber);
      }
    } catch (RuntimeException refused) {
      if (call == null) {
        refused(request, refused, slot);
      } else {
        call.ended(refused);
        slot.done(error(request, refused), NOTHING);
      }
    }
  }

  /** It has not begun. */
  private void refused(Frame.Request request, Throwable why, ReplySlot slot) {
    boolean isKnown = methods().find(request.method()) != null;
    CallMeter meter = methods().meter();
    meter.ended(isKnown ? request.method() : CallMeter.NO_METHOD, Call.outcome(why), meter.now());
    slot.done(error(request, why), NOTHING);
  }

  /** A large answer is worked on when it is its turn, and if it then has room in its batch. */
  private Mono<Json> inTurn(Method method, Mono<Json> result, ReplySlot slot) {
    return method.large()
        ? session
            .largeReads()
            .inTurn(Mono.defer(() -> slot.isFull() ? Mono.error(batchIsFull()) : result))
        : result;
  }

  private static CoordinationException batchIsFull() {
    return CoordinationException.of(
        ErrorCode.RESOURCE_EXHAUSTED,
        "the answers of this batch have over %d bytes already; ask for this one alone",
        BatchReply.FULL);
  }

  /** Here it is decided whether a call may begin: nothing is allowed that no rule allows. */
  private Mono<Json> result(Method method, Call call) {
    if (method.opens()) {
      return method.handler().handle(call);
    }
    Mono<Void> allowed = method.check(session.principal(), call.params());
    return allowed == Right.ALLOWED
        ? method.handler().handle(call)
        : allowed.publishOn(session.loop()).then(Mono.defer(() -> method.handler().handle(call)));
  }

  private void opened() {
    opening = false;
    session.peer().resumeReading();
    while (!opening && !held.isEmpty()) {
      held.remove().run();
    }
  }

  private Method found(String name) {
    Method method = methods().find(name);
    if (!session.isOpen() && (method == null || !method.opens())) {
      throw CoordinationException.of(
          ErrorCode.UNAUTHENTICATED, "%s: the session is not open; call session.open first", name);
    }
    if (method == null) {
      throw CoordinationException.of(
          ErrorCode.METHOD_NOT_FOUND, "%s: there is no such method", name);
    }
    return method;
  }

  static byte @Nullable [] error(Frame.Request request, Throwable error) {
    CoordinationException answer = WireErrors.answer(request.method(), error);
    RequestId id = request.id();
    return id == null ? null : Answers.error(id, answer);
  }
}

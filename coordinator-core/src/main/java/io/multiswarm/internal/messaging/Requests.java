package io.multiswarm.internal.messaging;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Ids;
import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.node.OwnerRefusals;
import io.multiswarm.internal.redis.Checksum;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import io.multiswarm.internal.stream.ChannelPublisher;
import io.multiswarm.messaging.ChannelName;
import io.multiswarm.messaging.Messenger.Reply;
import io.multiswarm.messaging.NewMessage;
import io.multiswarm.messaging.Position;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Requests that wait here for a reply, and replies to requests of any node.
 *
 * <p>Who waits is noted in Redis with the timeout as TTL; the first reply takes the note, so there
 * is one reply at most. It comes as a signal. Signals that were lost are made good after each
 * reset, from the answer that stays in Redis for a moment.
 */
final class Requests {

  private static final int MAX_PENDING = 10_000;
  private static final Duration REPLY_KEPT = Duration.ofSeconds(60);
  private static final Duration MAX_TIMEOUT = Duration.ofHours(1);
  private static final String SIGNAL = "reply";

  private final NodeContext node;
  private final ChannelPublisher publisher;
  private final Map<String, Waiting> pending = new ConcurrentHashMap<>();
  private final LongAdder late = new LongAdder();

  Requests(NodeContext node, ChannelPublisher publisher) {
    this.node = node;
    this.publisher = publisher;
    node.signals().on(SIGNAL, this::onSignal);
    node.signals().onReset(this::fetchMissed);
  }

  int pending() {
    return pending.size();
  }

  long lateReplies() {
    return late.sum();
  }

  /**
   * @param onSent runs when the request is stored, whatever becomes of it then
   */
  Mono<Reply> ask(
      Ownership from, String to, NewMessage message, Duration timeout, Runnable onSent) {
    Ids.checkSwarm("to", to);
    if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(MAX_TIMEOUT) > 0) {
      throw CoordinationException.invalid(
          "timeout", "must be 1 ms to %d ms, is %d ms", MAX_TIMEOUT, timeout);
    }
    Question question = question(from, to, message);
    String requestId = question.requestId;
    if (pending.size() >= MAX_PENDING) {
      return Mono.error(
          CoordinationException.of(
              ErrorCode.RESOURCE_EXHAUSTED,
              "%d requests of this node wait for replies already; try again later",
              MAX_PENDING));
    }
    Waiting waiting = enter(requestId);
    return publisher
        .publishAlone(
            call(question, timeout),
            question.body.length,
            reply -> stored(RequestSent.from(reply), question))
        .doOnNext(sent -> onSent.run())
        .then(waiting.answer().asMono())
        .timeout(timeout, node.scheduler())
        .onErrorMap(TimeoutException.class, late -> noReply(to, timeout))
        .map(Requests::decode)
        .doOnTerminate(() -> leave(requestId))
        .doOnCancel(() -> leave(requestId));
  }

  /**
   * Calls that wait for one answer, of which the later ones repeat the first.
   *
   * @param calls that wait
   */
  private record Waiting(Sinks.One<Json> answer, int calls) {}

  private Waiting enter(String requestId) {
    return pending.compute(
        requestId,
        (any, present) ->
            present == null
                ? new Waiting(Sinks.one(), 1)
                : new Waiting(present.answer(), present.calls() + 1));
  }

  private void leave(String requestId) {
    pending.computeIfPresent(
        requestId,
        (any, present) ->
            present.calls() == 1 ? null : new Waiting(present.answer(), present.calls() - 1));
  }

  /** What is asked, and what Redis is told of it. */
  private record Question(
      Ownership from, String to, String messageId, String requestId, byte[] body) {}

  private Question question(Ownership from, String to, NewMessage message) {
    String given = message.id();
    String requestId = given == null ? Ids.unique("req") : requestId(from, to, message);
    String id = given == null ? Ids.unique(DefaultMessenger.ID_PREFIX) : given;
    byte[] body =
        EnvelopeWriter.write(
            id,
            message,
            from.swarmId(),
            node.scheduler().now(TimeUnit.MILLISECONDS),
            Address.ofRequest(to, requestId));
    DefaultMessenger.checkSize(body, node.options().maxMessageSize());
    return new Question(from, to, id, requestId, body);
  }

  /**
   * The same for who sends the same again, and another for all others. It is no secret: only the
   * addressed swarm may reply.
   */
  private static String requestId(Ownership from, String to, NewMessage message) {
    String told =
        Json.of(
                Arrays.asList(
                    from.swarmId(),
                    to,
                    message.id(),
                    message.type(),
                    message.toAgent(),
                    message.data()))
            .toString();
    return "req-" + Checksum.of(told.getBytes(StandardCharsets.UTF_8));
  }

  private ScriptCall call(Question question, Duration timeout) {
    return node.appending(Script.REQUEST_SEND)
        .key(node.keys().roster())
        .key(node.keys().request(question.requestId))
        .keys(node.keys().history(ChannelName.of(question.to)))
        .key(node.keys().reply(question.requestId))
        .arg(question.from.swarmId())
        .arg(question.from.incarnation())
        .arg(question.to)
        .arg(question.messageId)
        .arg(question.body)
        .arg(timeout)
        .arg(node.nodeId())
        .arg(question.requestId);
  }

  private Position stored(RequestSent sent, Question question) {
    Position position = sent.position();
    if (position != null) {
      if (sent.answer() != null) {
        complete(question.requestId, sent.answer());
      }
      return position;
    }
    String swarm = sent.swarm();
    throw switch (sent.status()) {
      case "NO_RESPONDERS" ->
          CoordinationException.of(
              ErrorCode.NO_RESPONDERS, "to: nobody is attached to swarm %s", swarm);
      case "NOT_FOUND" -> OwnerRefusals.unknown(swarm);
      case "OTHER" ->
          CoordinationException.of(
              ErrorCode.FAILED_PRECONDITION,
              "id: %s is that of another message to swarm %s; give each request its own",
              question.messageId,
              question.to);
      default -> OwnerRefusals.of(sent.status(), question.from);
    };
  }

  Mono<Void> answer(Ownership from, String requestId, String member, Json value) {
    Ids.check("requestId", requestId);
    Json answer =
        Json.trusted("{\"from\":\"" + from.swarmId() + "\",\"" + member + "\":" + value + "}");
    ScriptCall call =
        ScriptCall.of(Script.REQUEST_REPLY)
            .key(node.keys().request(requestId))
            .key(node.keys().roster())
            .key(node.keys().reply(requestId))
            .arg(from.swarmId())
            .arg(from.incarnation())
            .arg(requestId)
            .arg(answer.bytes())
            .arg(Ids.unique("nonce"))
            .arg(REPLY_KEPT)
            .arg(node.keys().nodeSignals(""));
    return node.link().run(call).doOnNext(reply -> refuseUnlessTaken(reply, requestId)).then();
  }

  private void refuseUnlessTaken(ScriptReply reply, String requestId) {
    if (reply.isOk()) {
      return;
    }
    ErrorCode code = ErrorCode.valueOf(reply.status());
    if (code == ErrorCode.NOT_FOUND) {
      late.increment();
    }
    throw CoordinationException.of(
        code,
        switch (code) {
          case PERMISSION_DENIED -> "requestId: %s was put to another swarm";
          case FENCED -> "requestId: %s cannot be answered, the swarm was attached elsewhere";
          default -> "requestId: %s is unknown, answered already, or its time is over";
        },
        requestId);
  }

  private void onSignal(String text) {
    int space = text.indexOf(' ');
    complete(text.substring(0, space), Json.trusted(text.substring(space + 1)));
  }

  private void complete(String requestId, Json answer) {
    Waiting waiting = pending.get(requestId);
    if (waiting == null) {
      late.increment();
    } else {
      // A second answer to one request finds the sink terminated: the first stands.
      waiting.answer().tryEmitValue(answer);
    }
  }

  private void fetchMissed() {
    pending.forEach(
        (requestId, waiting) ->
            node.link()
                .reads()
                .get(node.keys().reply(requestId))
                // Unanswered, or Redis went away again, which the next reset makes good.
                .subscribe(stored -> complete(requestId, withoutNonce(stored)), error -> {}));
  }

  private static Json withoutNonce(byte[] stored) {
    String text = new String(stored, StandardCharsets.UTF_8);
    return Json.trusted(text.substring(text.indexOf(' ') + 1));
  }

  private static Reply decode(Json answer) {
    Map<String, Json> members = answer.members();
    String from = members.getOrDefault("from", Json.NULL).text();
    return new Reply(from, members.get("data"), members.get("error"));
  }

  private static CoordinationException noReply(String to, Duration timeout) {
    return CoordinationException.of(
        ErrorCode.DEADLINE_EXCEEDED,
        "to: swarm %s did not reply within %d ms",
        to,
        timeout.toMillis());
  }
}

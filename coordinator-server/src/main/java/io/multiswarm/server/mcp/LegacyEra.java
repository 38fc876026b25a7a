package io.multiswarm.server.mcp;

import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpStreamableServerSession;
import io.modelcontextprotocol.spec.McpStreamableServerTransportProvider;
import io.multiswarm.common.Texts;
import io.multiswarm.server.mcp.Replies.Outgoing;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Streamable HTTP up to 2025-11-25: sessions with an id, a stream to listen on, and their end by
 * DELETE. A session is the SDK's bookkeeping and nothing else: an agent's handle is good in any.
 */
final class LegacyEra implements McpStreamableServerTransportProvider {

  private static final int BAD_REQUEST = McpSchema.ErrorCodes.INVALID_REQUEST;
  private static final int LONGEST_VERSION = 64;
  private static final McpSchema.Implementation SOMEBODY =
      McpSchema.Implementation.builder("client", "0").build();

  private final McpJsonMapper mapper;
  private final Replies replies;
  private final LegacySessions sessions;
  private McpStreamableServerSession.@Nullable Factory factory;

  /**
   * @param mostSessions on this node; beyond it the one that was idle longest goes
   */
  LegacyEra(McpJsonMapper mapper, Replies replies, Scheduler scheduler, int mostSessions) {
    this.mapper = mapper;
    this.replies = replies;
    this.sessions = new LegacySessions(scheduler, mostSessions);
  }

  @Override
  public void setSessionFactory(McpStreamableServerSession.Factory sessionFactory) {
    factory = sessionFactory;
  }

  @Override
  public Mono<Void> notifyClients(String method, Object params) {
    return Flux.fromIterable(sessions.all())
        .flatMap(session -> session.sendNotification(method, params).onErrorComplete())
        .then();
  }

  @Override
  public Mono<Void> closeGracefully() {
    return Flux.fromIterable(sessions.all())
        .flatMap(session -> session.closeGracefully().onErrorComplete())
        .then();
  }

  boolean knows(String version) {
    return protocolVersions().contains(version);
  }

  /** GET and DELETE, which have no message. */
  Mono<Void> handle(Visit visit) {
    McpStreamableServerSession session = sessions.of(visit.header(Visit.SESSION), visit.caller());
    if (visit.header(Visit.SESSION) == null) {
      return refused(
          visit, HttpResponseStatus.BAD_REQUEST, "Mcp-Session-Id: give the one of initialize");
    }
    if (session == null) {
      return gone(visit, null);
    }
    if (visit.request().method().equals(HttpMethod.DELETE)) {
      sessions.remove(session);
      return session
          .delete()
          .then(Mono.from(visit.response().status(HttpResponseStatus.OK).send()));
    }
    return visit.accepts(Replies.EVENTS)
        ? listen(visit, session)
        : refused(visit, HttpResponseStatus.NOT_ACCEPTABLE, "Accept: must allow text/event-stream");
  }

  private Mono<Void> listen(Visit visit, McpStreamableServerSession session) {
    LegacyStream stream = new LegacyStream(mapper);
    var listening = session.listeningStream(stream);
    return replies
        .events(visit.response(), stream.messages())
        .doFinally(end -> listening.releaseTransport());
  }

  /** A message that was posted. */
  Mono<Void> handle(Visit visit, RpcMessage message) {
    if (!visit.accepts(Replies.EVENTS) || !visit.accepts(Replies.JSON)) {
      return refused(
          visit,
          HttpResponseStatus.NOT_ACCEPTABLE,
          "Accept: must allow application/json and text/event-stream");
    }
    if (message.isRequest() && McpSchema.METHOD_INITIALIZE.equals(message.method())) {
      return initialize(visit, message);
    }
    if (visit.header(Visit.SESSION) == null) {
      return replies.error(
          visit.response(),
          HttpResponseStatus.BAD_REQUEST,
          message.id(),
          BAD_REQUEST,
          "Mcp-Session-Id: give the one of initialize, or speak 2026-07-28");
    }
    McpStreamableServerSession session = sessions.of(visit.header(Visit.SESSION), visit.caller());
    if (session == null) {
      return gone(visit, message.id());
    }
    return message.isRequest()
        ? answer(visit, session, message)
        : accepted(visit, session, message);
  }

  private Mono<Void> initialize(Visit visit, RpcMessage message) {
    McpStreamableServerSession.Factory sessionFactory = factory;
    if (sessionFactory == null) {
      throw new IllegalStateException("no server was built for this transport");
    }
    McpSchema.InitializeRequest request;
    try {
      request =
          forgetful(
              mapper.convertValue(message.paramsOrEmpty(), McpSchema.InitializeRequest.class));
    } catch (RuntimeException malformed) {
      return replies.error(
          visit.response(),
          HttpResponseStatus.OK,
          message.id(),
          McpSchema.ErrorCodes.INVALID_PARAMS,
          "initialize takes protocolVersion, capabilities and clientInfo");
    }
    var begun = sessionFactory.startSession(request);
    return begun
        .initResult()
        .flatMap(
            result -> {
              sessions.add(begun.session(), visit.caller());
              visit.response().header(Visit.SESSION, begun.session().getId());
              return replies.json(
                  visit.response(),
                  HttpResponseStatus.OK,
                  McpSchema.JSONRPCResponse.result(message.requestId(), result));
            });
  }

  /**
   * Without what the client says of itself in its own words: no tool asks for it, and the session
   * would keep it, of whatever size. What it can do is a handful of flags.
   */
  private static McpSchema.InitializeRequest forgetful(McpSchema.InitializeRequest request) {
    McpSchema.ClientCapabilities can = request.capabilities();
    McpSchema.ClientCapabilities flags =
        can == null
            ? null
            : new McpSchema.ClientCapabilities(
                null, can.roots(), can.sampling(), can.elicitation(), null);
    return McpSchema.InitializeRequest.builder(
            Texts.shortened(request.protocolVersion(), LONGEST_VERSION), flags, SOMEBODY)
        .build();
  }

  private Mono<Void> answer(Visit visit, McpStreamableServerSession session, RpcMessage message) {
    LegacyStream stream = new LegacyStream(mapper);
    var answering = session.responseStream(stream);
    Mono<Outgoing> work =
        answering
            .handle(
                new McpSchema.JSONRPCRequest(
                    message.method(), message.requestId(), message.params()))
            .contextWrite(context -> context.put(McpTransportContext.KEY, visit.context()))
            .then(Mono.empty());
    return replies
        .send(visit.response(), stream.messages().mergeWith(work))
        .doFinally(end -> answering.releaseTransport());
  }

  private Mono<Void> accepted(Visit visit, McpStreamableServerSession session, RpcMessage message) {
    Mono<Void> taken =
        message.isNotification()
            ? session.accept(new McpSchema.JSONRPCNotification(message.method(), message.params()))
            : session.accept(mapper.convertValue(message.whole(), McpSchema.JSONRPCResponse.class));
    return taken
        .contextWrite(context -> context.put(McpTransportContext.KEY, visit.context()))
        // An answer that nobody waits for any more: there is nobody to tell.
        .onErrorComplete()
        .then(Mono.from(visit.response().status(HttpResponseStatus.ACCEPTED).send()));
  }

  private Mono<Void> gone(Visit visit, @Nullable Object id) {
    return replies.error(
        visit.response(),
        HttpResponseStatus.NOT_FOUND,
        id,
        BAD_REQUEST,
        "there is no such session on this node; initialize another, your handle stays good");
  }

  private Mono<Void> refused(Visit visit, HttpResponseStatus status, String why) {
    return replies.error(visit.response(), status, null, BAD_REQUEST, why);
  }
}

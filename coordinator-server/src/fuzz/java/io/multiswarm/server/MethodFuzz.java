package io.multiswarm.server;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.multiswarm.MultiSwarmCoordination;
import io.multiswarm.Policies;
import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.server.auth.AccessGrant;
import io.multiswarm.server.auth.Principal;
import io.multiswarm.server.auth.Scope;
import io.multiswarm.server.auth.SwarmPatterns;
import io.multiswarm.server.config.RedisTarget;
import io.multiswarm.server.config.ServerConfig;
import io.multiswarm.server.session.Dispatcher;
import io.multiswarm.server.session.FakeCustody;
import io.multiswarm.server.session.FakePeer;
import io.multiswarm.server.session.Limits;
import io.multiswarm.server.session.Method;
import io.multiswarm.server.session.MethodTable;
import io.multiswarm.server.session.NodeBuffers;
import io.multiswarm.server.session.Session;
import io.multiswarm.server.session.SessionDirectory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Every method of the server with parameters of every kind: by its description, and against it. The
 * node has no Redis, so a call ends where its parameters have been read and refused or accepted; it
 * may fail in any way that has a name, and never with INTERNAL.
 *
 * <p>Run by the profile {@code fuzz}, and for as long as one likes as CONTRIBUTING.md says.
 */
class MethodFuzz {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final JsonMapper JSON = new JsonMapper();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final WireContract CONTRACT = WireContract.ofTheServer();
  private static final String NOWHERE = "redis://127.0.0.1:1";
  private static final int DEEPEST = 4;

  /** Texts that mean something to somebody. */
  private static final String[] WORDS = {
    "", "a", "swarm:a", "swarm:global", "swarm:__leader__", "global", "a/b", "..", "*", "\u0000",
    "0", "1-1", "*-*", "high", "least_loaded", "consensus", "pending", "__proto__", "é", "\ud83d",
    "2020-01-01T00:00:00Z", "{\"a\":1}", "task", "a".repeat(300),
  };

  private static final long[] NUMBERS = {
    0, 1, -1, 2, 64, 1_000, 10_000, Integer.MAX_VALUE, Integer.MIN_VALUE, 1L << 53, Long.MAX_VALUE
  };

  private static final AccessGrant ADMINISTRATOR =
      new AccessGrant(
          Principal.of("fuzz", EnumSet.allOf(Scope.class), SwarmPatterns.ANY), null, "");

  private static final List<String> METHODS = new ArrayList<>();
  private static final Map<String, JsonNode> PARAMS = new TreeMap<>();
  private static final MethodTable TABLE = table();

  /** That of a node like any other, which has not been told where its Redis is. */
  private static MethodTable table() {
    Scheduler scheduler = Schedulers.newSingle("fuzz", true);
    var options = CoordinationOptions.defaults();
    var coordination = MultiSwarmCoordination.create(NOWHERE, options, Policies.defaults());
    ServerConfig config =
        new ServerConfig(
            new ServerConfig.Listening("127.0.0.1", 0, false, List.of()),
            ServerConfig.Security.NONE,
            ServerConfig.Limits.DEFAULTS,
            new RedisTarget.External(NOWHERE),
            options,
            List.of(options.fleet()),
            Policies.defaults(),
            new ServerConfig.Sessions(
                Duration.ofSeconds(10),
                Duration.ofSeconds(25),
                Duration.ofSeconds(30),
                Duration.ofMinutes(5),
                64 << 20),
            new ServerConfig.Reporting("ERROR", false, null, "", List.of()));
    var running = CoordinatorServer.start(config, coordination, scheduler).block(PATIENCE);
    CONTRACT
        .operations("receive")
        .forEach(
            (name, operation) ->
                PARAMS.put(name, CONTRACT.payload(operation).at("/properties/params")));
    for (Method method : running.methods()) {
      METHODS.add(method.name());
      require(PARAMS.containsKey(method.name()), method.name() + " is not described");
    }
    return running.table();
  }

  @FuzzTest(maxDuration = "60s")
  void params_ofAnyKind_areReadOrRefusedByName(FuzzedDataProvider data) {
    String method = data.pickValue(METHODS);
    ObjectNode call = NODES.objectNode().put("jsonrpc", "2.0").put("id", 1).put("method", method);
    call.set("params", value(PARAMS.get(method), data, 0));

    FakePeer peer = new FakePeer();
    Session session =
        new SessionDirectory(new NodeBuffers(64 << 20))
            .begin(peer, FakePeer.CLIENT, Limits.defaults(1 << 20), new FakeCustody().fleet(TABLE));
    session.open(ADMINISTRATOR);
    new Dispatcher(session).receive(call.toString().getBytes(StandardCharsets.UTF_8));
    peer.runAll();

    for (String sent : peer.takeSent()) {
      JsonNode answer = JSON.readTree(sent);
      require(!answer.at("/error/data/name").asString("").equals("INTERNAL"), call + " → " + sent);
      require(answer.has("method") || answer.has("result") != answer.has("error"), sent);
    }
    session.end(true);
  }

  /** Mostly what the schema describes, with a member left out, or of another kind, at times. */
  private static JsonNode value(JsonNode schema, FuzzedDataProvider data, int depth) {
    JsonNode described = target(schema, data);
    int kind = data.consumeInt(0, 19);
    if (kind < 3 || depth > DEEPEST) {
      return anything(data, depth);
    }
    if (described.has("const")) {
      return described.path("const");
    }
    if (described.has("enum")) {
      JsonNode words = described.path("enum");
      return words.path(data.consumeInt(0, words.size() - 1));
    }
    return switch (described.path("type").asString("")) {
      case "integer", "number" -> NODES.numberNode(number(described, data));
      case "boolean" -> NODES.booleanNode(data.consumeBoolean());
      case "array" -> array(described.path("items"), data, depth);
      case "object" -> object(described, data, depth);
      case "string" -> NODES.stringNode(text(described, data));
      default -> anything(data, depth);
    };
  }

  private static JsonNode target(JsonNode schema, FuzzedDataProvider data) {
    JsonNode found = CONTRACT.resolved(schema);
    for (String word : List.of("allOf", "oneOf", "anyOf")) {
      JsonNode alternatives = found.path(word);
      if (!alternatives.isEmpty() && !found.has("type")) {
        return target(alternatives.path(data.consumeInt(0, alternatives.size() - 1)), data);
      }
    }
    return found;
  }

  private static long number(JsonNode schema, FuzzedDataProvider data) {
    return switch (data.consumeInt(0, 3)) {
      case 0 -> schema.path("minimum").asLong(1) - data.consumeInt(0, 1);
      case 1 -> schema.path("maximum").asLong(100) + data.consumeInt(0, 1);
      case 2 -> NUMBERS[data.consumeInt(0, NUMBERS.length - 1)];
      default -> data.consumeLong();
    };
  }

  private static String text(JsonNode schema, FuzzedDataProvider data) {
    JsonNode examples = schema.path("examples");
    int kind = data.consumeInt(0, 5);
    if (kind < 3 && !examples.isEmpty()) {
      return examples.path(data.consumeInt(0, examples.size() - 1)).asString("");
    }
    return kind < 5 ? data.pickValue(WORDS) : data.consumeString(40);
  }

  private static JsonNode array(JsonNode items, FuzzedDataProvider data, int depth) {
    ArrayNode array = NODES.arrayNode();
    for (int i = data.consumeInt(0, 4); i > 0; i--) {
      array.add(value(items, data, depth + 1));
    }
    return array;
  }

  private static JsonNode object(JsonNode schema, FuzzedDataProvider data, int depth) {
    ObjectNode object = NODES.objectNode();
    for (String name : schema.path("properties").propertyNames()) {
      if (data.consumeInt(0, 4) > 0) {
        object.set(name, value(schema.path("properties").path(name), data, depth + 1));
      }
    }
    if (schema.path("properties").isEmpty()) {
      for (int i = data.consumeInt(0, 3); i > 0; i--) {
        object.set(text(schema, data), anything(data, depth + 1));
      }
    }
    return object;
  }

  private static JsonNode anything(FuzzedDataProvider data, int depth) {
    return switch (data.consumeInt(0, depth > DEEPEST ? 5 : 7)) {
      case 0 -> NODES.nullNode();
      case 1 -> NODES.booleanNode(data.consumeBoolean());
      case 2 -> NODES.numberNode(NUMBERS[data.consumeInt(0, NUMBERS.length - 1)]);
      case 3 -> NODES.numberNode(data.consumeRegularDouble());
      case 4 -> NODES.stringNode(data.pickValue(WORDS));
      case 5 -> NODES.stringNode(data.consumeString(20));
      case 6 -> array(NODES.missingNode(), data, depth);
      default -> object(NODES.missingNode(), data, depth);
    };
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}

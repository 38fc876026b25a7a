package io.multiswarm.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Messages, subscriptions and requests as clients of the wire protocol see them. */
class ChannelMethodsIT extends TwoClients {

  private static final Duration MOMENT = Duration.ofMillis(300);

  private static String message(String from, String to, String data) {
    return "{\"from\":\""
        + from
        + "\",\"to\":\""
        + to
        + "\",\"type\":\"note\",\"data\":"
        + data
        + "}";
  }

  @Test
  void publish_onASharedChannel_isHeardAsItsKind() {
    a.ok("swarm.create", create("s"));
    b.ok("channel.subscribe", "{\"channel\":\"swarm:agents\"}");

    JsonNode published =
        a.ok(
            "message.publish",
            "{\"from\":\"s\",\"channel\":\"swarm:agents\",\"type\":\"note\",\"data\":[1]}");

    JsonNode heard = b.next("channel.message");
    assertThat(heard.get("offset")).isEqualTo(published.get("offset"));
    assertThat(heard.at("/message/messageType").asString()).isEqualTo("agent");
    assertThat(heard.at("/message/payload").toString())
        .isEqualTo("{\"type\":\"note\",\"data\":[1]}");
  }

  @Test
  void calls_pipelinedBehindACreate_work() {
    List<CompletableFuture<JsonNode>> calls = new ArrayList<>();
    calls.add(a.call("swarm.create", create("p")));
    calls.add(a.call("channel.subscribe", "{\"channel\":\"swarm:p\"}"));
    for (int i = 0; i < 10; i++) {
      calls.add(a.call("message.send", message("p", "p", String.valueOf(i))));
    }
    calls.forEach(JsonClient::ok);

    for (int i = 0; i < 10; i++) {
      assertThat(a.next("channel.message").at("/message/payload/data").asInt()).isEqualTo(i);
    }
  }

  @Test
  void message_sent_arrivesOnceAndStaysInTheHistory() {
    a.ok("swarm.create", create("s1"));
    b.ok("swarm.create", create("s2"));
    JsonNode begun = b.ok("channel.subscribe", "{\"channel\":\"swarm:s2\"}");
    assertThat(begun.get("recovered").asBoolean()).isTrue();

    JsonNode sent =
        a.ok(
            "message.send",
            "{\"from\":\"s1\",\"to\":\"s2\",\"type\":\"note\",\"id\":\"m1\",\"data\":{\"n\":[],\"u\":\"é\"},\"toAgent\":\"x\"}");
    assertThat(a.ok("message.send", message("s1", "s2", "2")).get("offset").asLong())
        .isEqualTo(sent.get("offset").asLong() + 1);

    JsonNode event = b.next("channel.message");
    assertThat(event.get("channel").asString()).isEqualTo("swarm:s2");
    assertThat(event.get("epoch")).isEqualTo(sent.get("epoch"));
    assertThat(event.get("offset")).isEqualTo(sent.get("offset"));
    JsonNode message = event.get("message");
    assertThat(message.get("id").asString()).isEqualTo("m1");
    assertThat(message.get("swarmId").asString()).isEqualTo("s1");
    assertThat(message.get("messageType").asString()).isEqualTo("agent");
    assertThat(message.get("target").asString()).isEqualTo("s2");
    assertThat(message.get("targetAgent").asString()).isEqualTo("x");
    assertThat(message.get("payload").toString())
        .isEqualTo("{\"type\":\"note\",\"data\":{\"n\":[],\"u\":\"é\"}}");
    assertThat(b.next("channel.message").at("/message/targetAgent").isNull()).isTrue();

    JsonNode page = b.ok("channel.history", "{\"channel\":\"swarm:s2\",\"limit\":1}");
    assertThat(page.get("last").asLong()).isEqualTo(sent.get("offset").asLong() + 1);
    assertThat(page.get("messages").size()).isEqualTo(1);
    assertThat(page.at("/messages/0/message/payload/data").asInt()).isEqualTo(2);
    assertThat(a.refusal("message.send", message("s1", "nobody", "1"))).isEqualTo("NOT_FOUND");
  }

  @Test
  void messages_pipelined_takeEffectInTheirOrder() {
    a.ok("swarm.create", create("s"));
    long last = 0;
    for (int round = 0; round < 20; round++) {
      List<CompletableFuture<JsonNode>> calls = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        calls.add(a.call("message.send", message("s", "s", String.valueOf(i))));
      }
      for (CompletableFuture<JsonNode> call : calls) {
        assertThat(JsonClient.ok(call).get("offset").asLong()).isEqualTo(++last);
      }
    }
  }

  @Test
  void message_ofAMillionBytes_fits() {
    a.ok("swarm.create", create("s"));
    a.ok("channel.subscribe", "{\"channel\":\"swarm:s\"}");
    String data = '"' + "x".repeat(1_000_000 - 2) + '"';

    a.ok("message.send", message("s", "s", data));

    assertThat(a.next("channel.message").at("/message/payload/data").asString())
        .hasSize(1_000_000 - 2);
    String tooMuch = '"' + "x".repeat((1 << 20) - 150) + '"';
    assertThat(a.refusal("message.send", message("s", "s", tooMuch)))
        .isEqualTo("PAYLOAD_TOO_LARGE");
  }

  @Test
  void message_ofAForeignProgram_isToldToWhoHasCredit(TestRedis redis) {
    a.ok("swarm.create", create("s"));
    a.ok("channel.subscribe", "{\"channel\":\"swarm:global\",\"credit\":3}");
    b.ok("channel.subscribe", "{\"channel\":\"swarm:global\",\"credit\":0}");
    broadcast(1);
    assertThat(a.next("channel.message").get("offset").asLong()).isEqualTo(1);
    String channel = "{" + redis.fleet() + "}:swarm:global";
    String envelope =
        "{\"id\":\"f\",\"swarmId\":\"legacy\",\"payload\":{\"type\":\"hello\",\"data\":{}}}";

    redis.cli("PUBLISH", channel, "no envelope");
    redis.cli("PUBLISH", channel, envelope);

    JsonNode event = a.next("channel.message");
    assertThat(event.get("foreign").asBoolean()).isTrue();
    assertThat(event.has("epoch") || event.has("offset")).isFalse();
    assertThat(event.get("message").toString()).isEqualTo(envelope);
    // It costs credit like any other message, and is in no history: who had none never gets it.
    broadcast(2);
    broadcast(3);
    assertThat(a.next("channel.message").get("offset").asLong()).isEqualTo(2);
    assertThat(a.poll(MOMENT)).isNull();
    b.ok("channel.request", "{\"channel\":\"swarm:global\",\"n\":4}");
    for (int offset = 1; offset <= 3; offset++) {
      assertThat(b.next("channel.message").get("offset").asLong()).isEqualTo(offset);
    }
    assertThat(a.ok("channel.history", "{\"channel\":\"swarm:global\"}").get("messages").size())
        .isEqualTo(3);
  }

  @Test
  void subscription_withCredit_getsWhatItAskedFor() {
    a.ok("swarm.create", create("s"));
    b.ok("channel.subscribe", "{\"channel\":\"swarm:global\",\"credit\":0}");
    assertThat(b.refusal("channel.subscribe", "{\"channel\":\"swarm:global\"}"))
        .isEqualTo("ALREADY_EXISTS");
    for (int i = 0; i < 5; i++) {
      a.ok("message.broadcast", "{\"from\":\"s\",\"type\":\"t\",\"data\":" + i + "}");
    }
    assertThat(b.poll(MOMENT)).isNull();

    b.ok("channel.request", "{\"channel\":\"swarm:global\",\"n\":2}");
    assertThat(b.next("channel.message").at("/message/payload/data").asInt()).isEqualTo(0);
    assertThat(b.next("channel.message").at("/message/payload/data").asInt()).isEqualTo(1);
    assertThat(b.poll(MOMENT)).isNull();

    b.ok("channel.unsubscribe", "{\"channel\":\"swarm:global\"}");
    b.ok("channel.unsubscribe", "{\"channel\":\"swarm:global\"}");
    assertThat(b.refusal("channel.request", "{\"channel\":\"swarm:global\",\"n\":1}"))
        .isEqualTo("NOT_FOUND");
  }

  @Test
  void subscription_pipelinedWithItsCredit_begins() {
    a.ok("swarm.create", create("s"));
    List<CompletableFuture<JsonNode>> calls =
        List.of(
            b.call("channel.subscribe", "{\"channel\":\"swarm:global\",\"credit\":0}"),
            b.call("channel.request", "{\"channel\":\"swarm:global\",\"n\":1}"));
    calls.forEach(JsonClient::ok);
    a.ok("message.broadcast", "{\"from\":\"s\",\"type\":\"t\",\"data\":1}");

    assertThat(b.next("channel.message").at("/message/payload/data").asInt()).isEqualTo(1);
  }

  @Test
  void subscription_since_replaysAndGoesOn() {
    a.ok("swarm.create", create("s"));
    JsonNode first = a.ok("message.broadcast", "{\"from\":\"s\",\"type\":\"t\",\"data\":1}");
    a.ok("message.broadcast", "{\"from\":\"s\",\"type\":\"t\",\"data\":2}");

    JsonNode begun =
        b.ok(
            "channel.subscribe",
            "{\"channel\":\"swarm:global\",\"since\":{\"epoch\":"
                + first.get("epoch")
                + ",\"offset\":"
                + first.get("offset")
                + "}}");
    a.ok("message.broadcast", "{\"from\":\"s\",\"type\":\"t\",\"data\":3}");

    assertThat(begun.get("recovered").asBoolean()).isTrue();
    assertThat(b.next("channel.message").at("/message/payload/data").asInt()).isEqualTo(2);
    assertThat(b.next("channel.message").at("/message/payload/data").asInt()).isEqualTo(3);
  }

  @Test
  void subscription_sinceAnotherEpoch_beginsWithAGap() {
    a.ok("swarm.create", create("s"));
    JsonNode sent = a.ok("message.broadcast", "{\"from\":\"s\",\"type\":\"t\",\"data\":1}");

    JsonNode begun =
        b.ok(
            "channel.subscribe",
            "{\"channel\":\"swarm:global\",\"credit\":0,\"since\":{\"epoch\":\"other\",\"offset\":3}}");

    assertThat(begun.get("recovered").asBoolean()).isFalse();
    JsonNode gap = b.next("channel.gap");
    assertThat(gap.get("reason").asString()).isEqualTo("epoch");
    assertThat(gap.get("epoch")).isEqualTo(sent.get("epoch"));
    assertThat(gap.get("from").asInt()).isEqualTo(1);
    assertThat(gap.get("to").asInt()).isEqualTo(0);
    assertThat(b.poll(MOMENT)).isNull();
    b.ok("channel.request", "{\"channel\":\"swarm:global\",\"n\":1}");
    assertThat(b.next("channel.message").at("/message/payload/data").asInt()).isEqualTo(1);
  }

  @Test
  void request_answered_givesTheReply() {
    a.ok("swarm.create", create("asks"));
    b.ok("swarm.create", create("knows"));
    b.ok("channel.subscribe", "{\"channel\":\"swarm:knows\"}");

    CompletableFuture<JsonNode> first = a.call("message.request", message("asks", "knows", "1"));
    String requestId = b.next("channel.message").at("/message/payload/requestId").asString();
    assertThat(
            a.refusal(
                "message.reply",
                "{\"from\":\"asks\",\"requestId\":\"" + requestId + "\",\"data\":0}"))
        .isEqualTo("PERMISSION_DENIED");
    String reply = "{\"from\":\"knows\",\"requestId\":\"" + requestId + "\",\"data\":{\"y\":2}}";
    assertThat(b.ok("message.reply", reply).size()).isZero();
    assertThat(JsonClient.ok(first).toString())
        .isEqualTo("{\"from\":\"knows\",\"data\":{\"y\":2}}");
    assertThat(b.refusal("message.reply", reply)).isEqualTo("NOT_FOUND");

    CompletableFuture<JsonNode> second = a.call("message.request", message("asks", "knows", "2"));
    requestId = b.next("channel.message").at("/message/payload/requestId").asString();
    b.ok(
        "message.reply",
        "{\"from\":\"knows\",\"requestId\":\"" + requestId + "\",\"error\":\"no\"}");
    assertThat(JsonClient.ok(second).toString()).isEqualTo("{\"from\":\"knows\",\"error\":\"no\"}");

    assertThat(
            a.refusal(
                "message.request",
                "{\"from\":\"asks\",\"to\":\"knows\",\"type\":\"t\",\"data\":1,\"timeoutMs\":50}"))
        .isEqualTo("DEADLINE_EXCEEDED");
  }

  private void broadcast(int data) {
    a.ok("message.broadcast", "{\"from\":\"s\",\"type\":\"t\",\"data\":" + data + "}");
  }
}

package io.multiswarm.server;

import static io.multiswarm.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multiswarm.server.auth.AuthSettings;
import io.multiswarm.server.config.ServerCommand;
import io.multiswarm.server.config.ServerConfig;
import io.multiswarm.server.mcp.bridge.McpCommand;
import io.multiswarm.server.tls.TlsSettings;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A port that speaks TLS. */
@RedisTest
class TlsIT {

  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir private Path directory;
  private Path certificate;
  private Path key;
  private Certificates first;

  @BeforeEach
  void makeCertificate() throws Exception {
    certificate = directory.resolve("cert.pem");
    key = directory.resolve("key.pem");
    first = Certificates.make(directory, "first");
    first.write(certificate, key);
  }

  private TestServer server(TestRedis redis, @Nullable Path clients) {
    return TestServer.guarded(
        redis,
        new ServerConfig.Security(
            AuthSettings.NONE, new TlsSettings(certificate, key, clients, true), List.of(), false));
  }

  private static JsonClient session(HttpClient http, TestServer server) {
    JsonClient client = JsonClient.connectOnly(http, "wss://localhost:" + server.port(), Map.of());
    client.ok("session.open", "{\"protocol\":1}");
    return client;
  }

  @Test
  void bridge_toAServerOfAnOwnAuthority_believesItByItsCertificate(TestRedis redis)
      throws Exception {
    try (TestServer server = server(redis, null)) {
      assertThat(bridged(server, "--ca=" + certificate)).contains("\"protocolVersion\"");
      assertThat(bridged(server)).contains("does not answer");
    }
  }

  private static String bridged(TestServer server, String... options) {
    String initialize =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\","
            + "\"capabilities\":{},\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}}";
    var in = new ByteArrayInputStream(initialize.getBytes(StandardCharsets.UTF_8));
    CommandLine line = McpCommand.commandLine(Map.of(), in);
    List<String> args = new ArrayList<>(List.of("--url=wss://localhost:" + server.port()));
    args.addAll(List.of(options));
    line.parseArgs(args.toArray(String[]::new));
    StringWriter out = new StringWriter();
    ServerCommand.Action mcp = line.getCommand();
    mcp.run(new PrintWriter(out), new PrintWriter(out));
    return out.toString();
  }

  @Test
  void session_overTls_isAsAnyOther(TestRedis redis) throws Exception {
    try (TestServer server = server(redis, null);
        JsonClient client = session(Certificates.client(null, first), server)) {
      client.ok("swarm.create", "{\"id\":\"s\",\"objective\":\"o\"}");
      client.ok("channel.subscribe", "{\"channel\":\"swarm:s\"}");
      client.ok(
          "message.send",
          "{\"from\":\"s\",\"to\":\"s\",\"type\":\"t\",\"data\":\"" + "y".repeat(500_000) + "\"}");
      assertThat(client.next("channel.message").at("/message/payload/data").asString())
          .hasSize(500_000);
    }
  }

  @Test
  void plainConnection_toAPortWithTls_isToldSo(TestRedis redis) throws Exception {
    try (TestServer server = server(redis, null);
        Socket socket = new Socket("127.0.0.1", server.port())) {
      socket
          .getOutputStream()
          .write("GET /v1/ws HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

      assertThat(answer).startsWith("HTTP/1.1 400 ").contains("wss://");
    }
  }

  @Test
  void certificate_thatFollowsAnother_dropsNoSessionAndRefusesNoCall(TestRedis redis)
      throws Exception {
    Certificates second = Certificates.make(directory, "second");
    try (TestServer server = server(redis, null);
        JsonClient client = session(Certificates.client(null, first), server)) {
      Files.writeString(certificate, second.certificate()); // whose key is not there yet
      client.ok("swarm.list", "{}");

      second.write(certificate, key);

      HttpClient believer = Certificates.client(null, second);
      await(
          "the second certificate",
          SOON,
          () -> {
            client.ok("swarm.list", "{}");
            return isServed(believer, server);
          });
      client.ok("swarm.list", "{}");
      session(Certificates.client(null, second), server).close();
    }
  }

  private static boolean isServed(HttpClient http, TestServer server) {
    try {
      URI uri = URI.create("https://localhost:" + server.port() + "/healthz");
      return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).statusCode()
          == 200;
    } catch (IOException notTrusted) {
      return false;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void client_withoutACertificate_isRefusedWhereOneIsRequired(TestRedis redis) throws Exception {
    Certificates mine = Certificates.make(directory, "mine");
    Path authority = directory.resolve("clients.pem");
    Files.writeString(authority, mine.certificate());
    try (TestServer server = server(redis, authority)) {
      session(Certificates.client(mine, first), server).close();

      HttpClient stranger = Certificates.client(null, first);
      assertThat(isServed(stranger, server)).isFalse();
      assertThatThrownBy(() -> session(stranger, server)).isInstanceOf(AssertionError.class);
    }
  }
}

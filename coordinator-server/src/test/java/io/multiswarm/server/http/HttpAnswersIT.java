package io.multiswarm.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.server.TestServer;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What every answer has, and what a request that is none gets; by a socket, as clients mend URLs.
 */
@RedisTest
class HttpAnswersIT {

  private static final Map<String, Integer> STATUSES =
      Map.of(
          "/", 200,
          "/clients/multiswarm.js", 200,
          "/healthz", 200,
          "/metrics", 200,
          "/v1/asyncapi.json", 200,
          "/mcp", 400,
          "/nosuch", 404,
          "/%", 400,
          "/clients/%zz", 400,
          "/clients/..%2f..%2fx", 404);

  private static String answer(int port, String path) throws IOException {
    return answer(port, path, "HTTP/1.1");
  }

  private static String answer(int port, String path, String version) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      String request =
          "GET %s %s\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n\r\n"
              .formatted(path, version, port);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  @Test
  void answers_ofEveryPath_areGuarded_andMalformedPathsAreRefused(TestRedis redis)
      throws IOException {
    try (TestServer server = TestServer.start(redis)) {
      for (var expected : STATUSES.entrySet()) {
        String answer = answer(server.port(), expected.getKey());
        assertThat(answer).as(expected.getKey()).startsWith("HTTP/1.1 " + expected.getValue());
        assertThat(answer.toLowerCase(Locale.ROOT))
            .as(expected.getKey())
            .contains("x-content-type-options: nosniff")
            .contains("content-security-policy: default-src 'none'");
      }
    }
  }

  @Test
  void answers_toOtherVersions_areRefusals(TestRedis redis) throws IOException {
    try (TestServer server = TestServer.start(redis)) {
      assertThat(answer(server.port(), "/healthz", "HTTP/1.0")).contains(" 200 ");
      assertThat(answer(server.port(), "/healthz", "HTTP/9.9")).contains(" 505 ");
    }
  }
}

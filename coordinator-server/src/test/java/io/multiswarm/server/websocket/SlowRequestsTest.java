package io.multiswarm.server.websocket;

import static io.multiswarm.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who asks nicely once, and then keeps the connection without using it. */
class SlowRequestsTest {

  private static final String HOST = "Host: 127.0.0.1\r\n";

  /**
   * Each is answered; then a byte comes now and then, of the next request or of this one's body.
   */
  private static final List<String> FIRST =
      List.of(
          "GET /healthz HTTP/1.1\r\n" + HOST + "\r\n",
          "GET /nosuch HTTP/1.1\r\n" + HOST + "\r\n",
          "GET /v1/ws HTTP/1.1\r\n" + HOST + "\r\n",
          "POST /healthz HTTP/1.1\r\n" + HOST + "Content-Length: 1000000\r\n\r\n",
          "POST /v1/ws HTTP/1.1\r\n" + HOST + "Content-Length: 1000000\r\n\r\n");

  private static final String DOCUMENT = "GET /v1/asyncapi.json HTTP/1.1\r\n" + HOST + "\r\n";

  private static Socket connect(EchoServer server, String text) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4 << 10);
    socket.setTcpNoDelay(true);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
    send(socket, text);
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static boolean isCut(Socket socket) {
    try {
      send(socket, "x");
      return false;
    } catch (IOException cut) {
      return true;
    }
  }

  @Test
  void connections_thatAreKeptAndNotUsed_areCutAtTheDeadlineAndSessionsAreNot() throws Exception {
    SocketTimings timings =
        SocketTimings.of(Duration.ofSeconds(10), Duration.ofSeconds(25), Duration.ofSeconds(30));
    List<Socket> kept = new ArrayList<>();
    try (EchoServer server = new EchoServer(timings, Duration.ofSeconds(2));
        RawClient session = RawClient.session(server.port())) {
      for (String first : FIRST) {
        kept.add(connect(server, first));
      }
      for (Socket socket : kept) {
        assertThat(socket.getInputStream().read()).isEqualTo('H');
      }
      // Nobody takes these answers.
      kept.add(connect(server, DOCUMENT.repeat(20)));

      await(
          Duration.ofSeconds(30),
          () -> {
            kept.removeIf(SlowRequestsTest::isCut);
            return kept.isEmpty();
          });

      session.sendText(
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\",\"params\":{\"value\":7}}");
      assertThat(session.read().text()).contains("\"result\":7");
    } finally {
      for (Socket socket : kept) {
        socket.close();
      }
    }
  }
}

package io.multiswarm.internal.health;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Answers connections as a Redis of some version does, and knows no other command. */
final class OldRedis implements AutoCloseable {

  private final ServerSocket socket;
  private final String version;

  private OldRedis(ServerSocket socket, String version) {
    this.socket = socket;
    this.version = version;
  }

  static OldRedis ofVersion(String version) throws IOException {
    OldRedis redis =
        new OldRedis(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), version);
    daemon(redis::accept);
    return redis;
  }

  String uri() {
    return "redis://127.0.0.1:" + socket.getLocalPort();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        daemon(() -> serve(client));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket client) {
    try (client;
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        int words = Integer.parseInt(line.substring(1));
        String name = "";
        for (int i = 0; i < words; i++) {
          char[] word = new char[Integer.parseInt(lines.readLine().substring(1)) + 2];
          for (int n = 0;
              n < word.length;
              n += Math.max(0, lines.read(word, n, word.length - n))) {}
          name = i == 0 ? new String(word).strip().toUpperCase(Locale.ROOT) : name;
        }
        answer(client.getOutputStream(), name);
      }
    } catch (IOException e) {
      // The client is gone.
    }
  }

  private void answer(OutputStream out, String name) throws IOException {
    String answer =
        switch (name) {
          case "HELLO" ->
              "*8\r\n+server\r\n+redis\r\n+version\r\n+"
                  + version
                  + "\r\n+mode\r\n+standalone\r\n+role\r\n+master\r\n";
          case "PING" -> "+PONG\r\n";
          default -> "-ERR unknown command '" + name + "'\r\n";
        };
    out.write(answer.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "old-redis");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}

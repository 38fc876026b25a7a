package io.multiswarm.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A blocking Redis client of one page, so that tests look at Redis by other means than the code
 * that they test.
 *
 * <p>Speaks RESP2. Replies are String (UTF-8), Long, List or null; an error reply is thrown as
 * {@link ErrorReply}. Not for several threads. After an {@link UncheckedIOException} only {@link
 * #close()} is left.
 */
public final class RespClient implements AutoCloseable {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final Socket socket;
  private final InputStream in;

  private RespClient(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  /**
   * Connects, authenticates and selects the database as the URI says: {@code
   * redis://[[user]:password@]host:port[/db]}.
   */
  public static RespClient connect(URI uri) {
    try {
      Socket socket = new Socket();
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(Math.toIntExact(TIMEOUT.toMillis()));
      int port = uri.getPort() < 0 ? 6379 : uri.getPort();
      socket.connect(
          new InetSocketAddress(uri.getHost(), port), Math.toIntExact(TIMEOUT.toMillis()));
      RespClient client = new RespClient(socket);
      client.introduce(uri);
      return client;
    } catch (IOException e) {
      throw new UncheckedIOException("connecting to " + uri.getHost() + ":" + uri.getPort(), e);
    }
  }

  private void introduce(URI uri) {
    String login = uri.getUserInfo();
    if (login != null) {
      int colon = login.indexOf(':');
      String user = colon > 0 ? login.substring(0, colon) : "default";
      call("AUTH", user, login.substring(colon + 1));
    }
    String path = uri.getPath();
    if (path != null && path.length() > 1) {
      call("SELECT", path.substring(1));
    }
  }

  /** Sends one command and waits for its reply. */
  public @Nullable Object call(String... command) {
    send(command);
    return receive();
  }

  /** Sends one command and doesn't wait; {@link #receive()} gives its reply. */
  public void send(String... command) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(("*" + command.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
    for (String part : command) {
      byte[] utf8 = part.getBytes(StandardCharsets.UTF_8);
      bytes.writeBytes(("$" + utf8.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
      bytes.writeBytes(utf8);
      bytes.writeBytes(new byte[] {'\r', '\n'});
    }
    try {
      socket.getOutputStream().write(bytes.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException("sending " + command[0], e);
    }
  }

  /** The next reply, or the next message after SUBSCRIBE or MONITOR. */
  public @Nullable Object receive() {
    try {
      return reply();
    } catch (IOException e) {
      throw new UncheckedIOException("waiting for a reply", e);
    }
  }

  /** Whether something to {@link #receive()} begins to arrive in time. */
  public boolean hasReplyWithin(Duration atMost) {
    try {
      socket.setSoTimeout(Math.toIntExact(atMost.toMillis()));
      in.mark(1);
      boolean arrived = in.read() >= 0;
      in.reset();
      return arrived;
    } catch (SocketTimeoutException nothing) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException("waiting for a reply", e);
    } finally {
      restoreTimeout();
    }
  }

  private void restoreTimeout() {
    try {
      socket.setSoTimeout(Math.toIntExact(TIMEOUT.toMillis()));
    } catch (SocketException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private @Nullable Object reply() throws IOException {
    int type = in.read();
    String head = line();
    return switch (type) {
      case '+' -> head;
      case '-' -> throw new ErrorReply(head);
      case ':' -> Long.valueOf(head);
      case '$' -> bulk(Integer.parseInt(head));
      case '*' -> array(Integer.parseInt(head));
      default -> throw new IOException("not RESP2: " + type + " " + head);
    };
  }

  private @Nullable String bulk(int length) throws IOException {
    if (length < 0) {
      return null;
    }
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("inside a reply");
    }
    line();
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /**
   * Errors inside an array (EXEC) are elements of it, so that the ones after them are still read.
   */
  private @Nullable List<@Nullable Object> array(int length) throws IOException {
    if (length < 0) {
      return null;
    }
    List<@Nullable Object> elements = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      try {
        elements.add(reply());
      } catch (ErrorReply e) {
        elements.add(e);
      }
    }
    return elements;
  }

  private String line() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\r'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("Redis closed the connection");
      }
      bytes.write(b);
    }
    in.read();
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /**
   * What Redis answered instead of a result, beginning with its code: {@code WRONGTYPE Operation
   * against …}.
   */
  public static final class ErrorReply extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ErrorReply(String message) {
      super(message);
    }

    /** The first word: {@code WRONGTYPE}, {@code OOM}, {@code NOSCRIPT}. */
    public String code() {
      return String.valueOf(getMessage()).split(" ", 2)[0];
    }
  }
}

package io.multiswarm.server.websocket;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A WebSocket client by hand over a plain socket: it can send what no library sends, and read when
 * it likes. Every read has a deadline.
 */
public final class RawClient implements AutoCloseable {

  public static final int TEXT = 1;
  public static final int BINARY = 2;
  public static final int CLOSE = 8;
  public static final int PING = 9;
  public static final int PONG = 10;

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** A frame as it came. */
  public record Received(int opcode, byte[] payload) {

    public String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }

    public int closeCode() {
      return payload.length < 2 ? 1005 : ByteBuffer.wrap(payload).getShort() & 0xFFFF;
    }
  }

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;

  private RawClient(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout((int) PATIENCE.toMillis());
    this.in =
        new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream(), 1 << 16));
    this.out = socket.getOutputStream();
  }

  public static RawClient open(int port) {
    try {
      return new RawClient(new Socket("127.0.0.1", port));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Connected, upgraded and with an open session. */
  public static RawClient session(int port) {
    RawClient client = upgraded(port);
    client.sendText(
        "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"session.open\",\"params\":{\"protocol\":1}}");
    if (!client.read().text().contains("\"result\"")) {
      throw new AssertionError("session.open failed");
    }
    return client;
  }

  public static RawClient upgraded(int port) {
    RawClient client = open(port);
    String answer = client.request("GET /v1/ws HTTP/1.1", "");
    if (!answer.startsWith("HTTP/1.1 101")) {
      throw new AssertionError(answer);
    }
    return client;
  }

  /** Sends a handshake with further header lines; returns the head of the answer. */
  public String request(String requestLine, String moreHeaders) {
    return exchange(
        requestLine
            + "\r\nHost: 127.0.0.1:"
            + socket.getPort()
            + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + moreHeaders
            + "\r\n");
  }

  /** Sends text as it is; returns the head of the answer, or what came of it before the end. */
  public String exchange(String text) {
    StringBuilder head = new StringBuilder();
    try {
      write(text.getBytes(StandardCharsets.UTF_8));
      while (head.indexOf("\r\n\r\n") < 0) {
        int b = readByte();
        if (b < 0) {
          break;
        }
        head.append((char) b);
      }
    } catch (UncheckedIOException cut) {
      if (!(cut.getCause() instanceof SocketException)) {
        throw cut;
      }
      // Who sends when the server has closed already is told so by a reset.
    }
    return head.toString();
  }

  public void sendText(String text) {
    send(0x80 | TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * @param first the first byte: FIN, RSV and opcode
   */
  public void send(int first, byte[] payload) {
    write(frame(first, payload));
  }

  /** Sends the beginning of a frame, with nothing to follow. */
  public void sendPart(int first, byte[] payload, int bytes) {
    write(java.util.Arrays.copyOf(frame(first, payload), bytes));
  }

  static byte[] frame(int first, byte[] payload) {
    byte[] mask = {0x12, 0x34, 0x56, 0x78};
    ByteArrayOutputStream frame = new ByteArrayOutputStream(payload.length + 14);
    frame.write(first);
    if (payload.length < 126) {
      frame.write(0x80 | payload.length);
    } else if (payload.length <= 0xFFFF) {
      frame.write(0x80 | 126);
      frame.writeBytes(ByteBuffer.allocate(2).putShort((short) payload.length).array());
    } else {
      frame.write(0x80 | 127);
      frame.writeBytes(ByteBuffer.allocate(8).putLong(payload.length).array());
    }
    frame.writeBytes(mask);
    byte[] masked = payload.clone();
    for (int i = 0; i < masked.length; i++) {
      masked[i] ^= mask[i & 3];
    }
    frame.writeBytes(masked);
    return frame.toByteArray();
  }

  public void sendClose(int code) {
    send(0x80 | CLOSE, ByteBuffer.allocate(2).putShort((short) code).array());
  }

  /** The next frame, pings answered and left out. */
  public Received read() {
    try {
      for (; ; ) {
        Received frame = readFrame();
        if (frame.opcode != PING) {
          return frame;
        }
        send(0x80 | PONG, frame.payload);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next frame, whatever it is. */
  public Received readAny() {
    try {
      return readFrame();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads until the close frame; returns its code. */
  public int readCloseCode() {
    for (; ; ) {
      Received frame = read();
      if (frame.opcode == CLOSE) {
        return frame.closeCode();
      }
    }
  }

  /** Whether the server has closed its half, after what it sent. */
  public boolean atEnd() {
    return readByte() < 0;
  }

  private Received readFrame() throws IOException {
    int first = in.readUnsignedByte();
    int length = in.readUnsignedByte();
    long size = length < 126 ? length : length == 126 ? in.readUnsignedShort() : in.readLong();
    byte[] payload = new byte[(int) size];
    in.readFully(payload);
    return new Received(first & 0x0F, payload);
  }

  private int readByte() {
    try {
      return in.read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(byte[] bytes) {
    try {
      out.write(bytes);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends the connection with a reset, as a crash does. */
  public void crash() {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
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
}

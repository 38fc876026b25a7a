package io.multiswarm.internal.distribution;

import io.multiswarm.internal.stream.ChannelStream;
import io.multiswarm.internal.stream.HeaderBenchmark;
import io.multiswarm.internal.stream.StreamCounters;
import io.multiswarm.messaging.ChannelEvent;
import io.multiswarm.messaging.ChannelMessage;
import io.multiswarm.messaging.Position;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import reactor.core.Disposables;

/**
 * What one published message costs from its arrival to all its subscribers, who were up to date and
 * waiting: each is woken, asks, gets it and finds nothing more. With {@code frames} also what a
 * socket then needs of its own: a buffer with the text, which all share, and a header.
 *
 * <p>In the package of what it measures, which nobody else may use.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
@Fork(1)
public class FanOutBenchmark {

  private static final String CHANNEL = "swarm:global";
  private static final int PAYLOAD = 300;

  /** Enough digits for all that a run publishes, so that offsets differ in digits alone. */
  private static final long FIRST = 1_000_000_000;

  private static final int MAX_HEADER = 10;

  @Param({"1", "100", "1000"})
  public int subscribers;

  private final byte[] template = HeaderBenchmark.message(FIRST, PAYLOAD);
  private final int digits =
      new String(template, StandardCharsets.US_ASCII).indexOf(Long.toString(FIRST));
  private final List<ChannelCursor> cursors = new ArrayList<>();
  private ChannelStream stream = HeaderBenchmark.stream(CHANNEL, compared -> {});
  private long offset;
  private long woken;

  @Setup
  public void subscribe() {
    offset = FIRST;
    stream.onMessage(template);
    Position start = stream.head();
    StreamCounters counters = new StreamCounters();
    for (int i = 0; i < subscribers; i++) {
      ChannelCursor cursor =
          new ChannelCursor(
              stream,
              new ChannelCursor.Start(start, false),
              (channel, after, result) -> Disposables.disposed(),
              new UnstoredQueue.Budget(),
              counters,
              () -> woken++);
      stream.observe(cursor);
      cursor.poll();
      cursors.add(cursor);
    }
  }

  @Benchmark
  public void cursors(Blackhole taken) {
    stream.onMessage(next());
    for (ChannelCursor cursor : cursors) {
      for (ChannelEvent event = cursor.poll(); event != null; event = cursor.poll()) {
        taken.consume(event);
      }
    }
  }

  @Benchmark
  public void frames(Blackhole taken) {
    stream.onMessage(next());
    for (ChannelCursor cursor : cursors) {
      for (ChannelEvent event = cursor.poll(); event != null; event = cursor.poll()) {
        ByteBuf frame = frame(((ChannelMessage) event).encoded(FanOutBenchmark::text));
        taken.consume(frame);
        frame.release();
      }
    }
  }

  private byte[] next() {
    offset++;
    byte[] message = template.clone();
    long rest = offset;
    for (int i = Long.toString(FIRST).length() - 1; i >= 0; i--) {
      message[digits + i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    return message;
  }

  private static byte[] text(ChannelMessage message) {
    byte[] before =
        "{\"jsonrpc\":\"2.0\",\"method\":\"channel.message\",\"params\":{\"message\":"
            .getBytes(StandardCharsets.US_ASCII);
    byte[] text = new byte[before.length + message.bytes().length + 2];
    System.arraycopy(before, 0, text, 0, before.length);
    System.arraycopy(message.bytes(), 0, text, before.length, message.bytes().length);
    text[text.length - 2] = '}';
    text[text.length - 1] = '}';
    return text;
  }

  private static ByteBuf frame(byte[] text) {
    return PooledByteBufAllocator.DEFAULT
        .ioBuffer(MAX_HEADER + text.length)
        .writeByte(0x81)
        .writeByte(126)
        .writeShort(text.length)
        .writeBytes(text);
  }
}

package io.multiswarm.internal.stream;

import io.multiswarm.messaging.Position;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What it costs to learn a message's place in its channel: from its first bytes, as we do, whatever
 * comes behind them, or by parsing it. In the package of what it measures, which nobody else may
 * use.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
@Fork(1)
public class HeaderBenchmark {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final String EPOCH = "1700000000123456";

  @Param({"300", "30000"})
  public int payload;

  private Position known = new Position(EPOCH, 122);
  private byte[] message = {};

  @Setup
  public void write() {
    message = message(123, payload);
  }

  /** A stored message as subscribers hear it. */
  public static byte[] message(long offset, int payload) {
    return ("{\"epoch\":\"%s\",\"offset\":%d,\"id\":\"m-1\",\"swarmId\":\"a\",\"timestamp\":1700000000000,"
            + "\"messageType\":\"broadcast\",\"target\":null,\"targetAgent\":null,"
            + "\"payload\":{\"type\":\"t\",\"data\":\"%s\"},\"metadata\":{}}")
        .formatted(EPOCH, offset, "x".repeat(payload))
        .getBytes(StandardCharsets.UTF_8);
  }

  /** A stream without Redis. */
  public static ChannelStream stream(String channel, Consumer<ChannelStream> compareSoon) {
    return new ChannelStream(
        channel, new StreamCounters(), new RecentWindow.Budget(1 << 20), compareSoon);
  }

  @Benchmark
  public @Nullable PositionHeader scanned() {
    return PositionHeader.parse(message, known);
  }

  @Benchmark
  public JsonNode tree() {
    return MAPPER.readTree(message);
  }
}

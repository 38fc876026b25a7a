package io.multiswarm.load.client;

import io.multiswarm.load.client.ServerNotification.Stamp;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the harness itself spends on a delivered message: the less, the more of a measurement is the
 * server.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
@Fork(1)
public class FrameBenchmark {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final Stamp STAMP = new Stamp(17, 123_456, 987_654_321_012_345L);

  private final Envelopes envelopes = new Envelopes(300);
  private final byte[] frame = envelopes.write(STAMP, "load-00aa11-42");

  @Benchmark
  public Stamp scanned() {
    return Envelopes.stamp(frame, 0);
  }

  @Benchmark
  public JsonNode tree() {
    return MAPPER.readTree(frame);
  }

  @Benchmark
  public byte[] written() {
    return envelopes.write(STAMP, "load-00aa11-42");
  }
}

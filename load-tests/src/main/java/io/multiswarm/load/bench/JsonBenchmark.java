package io.multiswarm.load.bench;

import io.multiswarm.common.Json;
import java.nio.charset.StandardCharsets;
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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What it costs to accept a payload: checked and kept as bytes, as we do, or made a tree, as we
 * don't.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
@Fork(1)
public class JsonBenchmark {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  @Param({"10", "300"})
  public int members;

  private byte[] payload = {};

  @Setup
  public void write() {
    var json = new StringBuilder("{");
    for (int i = 0; i < members; i++) {
      json.append(i == 0 ? "" : ",")
          .append("\"name")
          .append(i)
          .append("\":[")
          .append(i)
          .append(",\"some text\"]");
    }
    payload = json.append('}').toString().getBytes(StandardCharsets.UTF_8);
  }

  @Benchmark
  public Json checkedBytes() {
    return Json.parse(payload);
  }

  @Benchmark
  public JsonNode tree() {
    return MAPPER.readTree(payload);
  }
}

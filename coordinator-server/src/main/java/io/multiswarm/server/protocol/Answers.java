package io.multiswarm.server.protocol;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The text that goes out: answers to requests and batches, and notifications. */
public final class Answers {

  private static final byte[] HEAD = ascii("{\"jsonrpc\":\"2.0\",\"id\":");
  private static final byte[] RESULT = ascii(",\"result\":");

  private Answers() {}

  public static byte[] result(RequestId id, Json result) {
    return new JsonWriter()
        .raw(HEAD)
        .raw(id.json())
        .raw(RESULT)
        .raw(result.bytes())
        .ascii("}")
        .toBytes();
  }

  public static byte[] error(RequestId id, CoordinationException error) {
    return new JsonWriter()
        .raw(HEAD)
        .raw(id.json())
        .ascii(",\"error\":")
        .raw(error(error).bytes())
        .ascii("}")
        .toBytes();
  }

  /** The error object alone, for results that carry one. */
  public static Json error(CoordinationException error) {
    return JsonObject.empty()
        .and("code", error.code().wireCode())
        .and("message", error.message())
        .and("data", data(error).json())
        .json();
  }

  private static JsonObject data(CoordinationException error) {
    JsonObject data = JsonObject.with("name", error.code().name());
    data.and("retryable", error.code().retryable());
    if (error.retryAfter() != null) {
      data.and("retryAfterMs", error.retryAfter().toMillis());
    }
    error.details().forEach(data::and);
    return data;
  }

  /** The answer to a batch: those of its entries. */
  public static byte[] batch(List<byte[]> answers) {
    // Of its own size from the beginning, for it may be large.
    int length = answers.stream().mapToInt(answer -> answer.length + 1).sum() + 1;
    ByteBuffer array = ByteBuffer.allocate(length);
    byte separator = '[';
    for (byte[] answer : answers) {
      array.put(separator).put(answer);
      separator = ',';
    }
    return array.put((byte) ']').array();
  }

  public static byte[] notification(Notification kind, Json params) {
    return new JsonWriter()
        .ascii("{\"jsonrpc\":\"2.0\",\"method\":")
        .string(kind.method())
        .ascii(",\"params\":")
        .raw(params.bytes())
        .ascii("}")
        .toBytes();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** What an answer's {@code error} says, as the code that wrote it threw it. */
  public static CoordinationException refusal(Json error) {
    Map<String, Json> members = error.members();
    int wireCode = members.getOrDefault("code", Json.of(0)).as(Integer.class);
    ErrorCode code =
        Arrays.stream(ErrorCode.values())
            .filter(known -> known.wireCode() == wireCode)
            .findFirst()
            .orElse(ErrorCode.INTERNAL);
    CoordinationException refusal =
        CoordinationException.of(code, "%s", members.getOrDefault("message", Json.of("")).text());
    Map<String, Json> data = members.getOrDefault("data", Json.EMPTY_OBJECT).members();
    for (Map.Entry<String, Json> detail : data.entrySet()) {
      refusal = refusal.with(detail.getKey(), detail.getValue());
    }
    Json retryAfter = data.get("retryAfterMs");
    return retryAfter == null
        ? refusal
        : refusal.retryAfter(Duration.ofMillis(retryAfter.as(Long.class)));
  }
}

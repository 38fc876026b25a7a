package io.multiswarm.load.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.multiswarm.load.client.ServerNotification.Assignment;
import io.multiswarm.load.client.ServerNotification.Delivery;
import io.multiswarm.load.client.ServerNotification.Stamp;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class FrameScanTest {

  private final FrameScan scan = new FrameScan();

  @Test
  void scan_delivery_readsPositionAndStamp() {
    scan(
        """
        {"jsonrpc":"2.0","method":"channel.message","params":{"channel":"swarm:a","epoch":"e","offset":7,
         "message":{"id":"m","target":"a","metadata":{},"payload":{"type":"load","data":{"s":3,"n":9,"t":42,"p":"x"}}}}}
        """);

    assertThat(scan.method()).isEqualTo("channel.message");
    assertThat(scan.delivery()).isEqualTo(new Delivery("swarm:a", "e", 7, new Stamp(3, 9, 42)));
  }

  @Test
  void scan_membersInAnotherOrder_readsTheSame() {
    scan(
        """
        {"params":{"message":{"payload":{"data":{"t":42,"p":{"s":[1]},"n":9,"s":3}}},"offset":7,"epoch":"e",
         "channel":"swarm:a"},"method":"channel.message"}
        """);

    assertThat(scan.delivery()).isEqualTo(new Delivery("swarm:a", "e", 7, new Stamp(3, 9, 42)));
  }

  @Test
  void scan_answer_readsIdAndPosition() {
    scan("{\"jsonrpc\":\"2.0\",\"id\":12,\"result\":{\"id\":\"m\",\"epoch\":\"e\",\"offset\":5}}");

    assertThat(scan.id()).isEqualTo(12);
    assertThat(scan.method()).isNull();
    assertThat(scan.failed()).isFalse();
    assertThat(scan.offset()).isEqualTo(5);
  }

  @Test
  void scan_errorAfterADelivery_remembersNothingOfIt() {
    scan_delivery_readsPositionAndStamp();
    scan("{\"id\":1,\"error\":{\"code\":-32003,\"message\":\"no\",\"data\":{\"offset\":9}}}");

    assertThat(scan.failed()).isTrue();
    assertThat(scan.method()).isNull();
    assertThat(scan.offset()).isZero();
  }

  @Test
  void scan_brokenJson_fails() {
    assertThatExceptionOfType(JacksonException.class).isThrownBy(() -> scan("{\"id\":1,,}"));
  }

  @Test
  void scan_assignment_readsSwarmAttemptAndStamp() {
    scan(
        """
        {"method":"task.assigned","params":{"task":{"id":"t","data":{"s":3,"n":9,"t":42}},"attempt":2,"leaseMs":30000,
         "assignedBy":"b","epoch":"77","strategy":"least_loaded","swarmId":"a"}}
        """);

    assertThat(scan.assignment()).isEqualTo(new Assignment("a", 2, new Stamp(3, 9, 42)));
  }

  @Test
  void data_always_isJsonOfTheAskedSize() {
    ByteBuf out = Unpooled.buffer();

    new StampedData(300).write(new Stamp(1, 2, 3), out);

    JsonNode data = JsonMapper.builder().build().readTree(out.toString(UTF_8));
    assertThat(data.path("n").asLong()).isEqualTo(2);
    assertThat(data.toString()).hasSize(300);
  }

  private void scan(String json) {
    byte[] bytes = json.getBytes(UTF_8);
    scan.scan(bytes, 0, bytes.length);
  }
}

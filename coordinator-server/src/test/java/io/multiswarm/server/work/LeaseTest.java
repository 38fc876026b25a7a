package io.multiswarm.server.work;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.Json;
import org.junit.jupiter.api.Test;

class LeaseTest {

  @Test
  void assignment_withProgressAsDeepAsMayBe_isRead() {
    String progress = "[".repeat(98) + "]".repeat(98);
    String assignment =
        "{\"swarmId\":\"s\",\"task\":{\"id\":\"t\",\"description\":\"d\"},\"attempt\":2,\"leaseMs\":1,"
            + "\"previous\":[{\"attempt\":1,\"swarmId\":\"s\",\"reason\":\"failed\",\"progress\":"
            + progress
            + "}]}";

    Lease lease = Lease.read(Json.trusted(assignment));

    assertThat(lease.key().attempt()).isEqualTo(2);
    assertThat(lease.input().toString()).contains("\"progress\":" + progress);
  }
}

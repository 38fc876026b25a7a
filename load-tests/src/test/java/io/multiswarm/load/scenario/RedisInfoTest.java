package io.multiswarm.load.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RedisInfoTest {

  @Test
  void parse_infoOfRedis_readsCommandsAndCpu() {
    RedisInfo info =
        RedisInfo.parse(
            """
            # CPU\r
            used_cpu_sys:1.250000\r
            used_cpu_user:2.500000\r
            used_cpu_sys_children:9.0\r
            # Commandstats\r
            cmdstat_publish:calls=17,usec=9,usec_per_call=0.53,rejected_calls=0,failed_calls=0\r
            cmdstat_config|get:calls=2,usec=9,usec_per_call=4.5,rejected_calls=0,failed_calls=0\r
            """);

    assertThat(info.commands()).isEqualTo(Map.of("publish", 17L, "config|get", 2L));
    assertThat(info.cpuSeconds()).isEqualTo(3.75);
  }
}

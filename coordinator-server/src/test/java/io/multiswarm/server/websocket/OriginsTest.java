package io.multiswarm.server.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OriginsTest {

  private final Origins origins = new Origins(List.of());

  @ParameterizedTest
  @CsvSource({
    "::1, http://[::1]:8080, true",
    "::1, http://localhost:8080, true",
    "2001:db8::5, http://[2001:db8::5]:8080, true",
    "2001:db8:0:0:1:0:0:5, http://[2001:db8::1:0:0:5]:8080, true",
    "2001:DB8::5, https://[2001:db8::5]:8080, true",
    "fe80::1%1, http://[fe80::1]:8080, true",
    "fe80::1, http://localhost:8080, false",
    "2001:db8::5, http://[2001:db8::6]:8080, false",
    "2001:db8::5, http://[2001:db8:0:0:0:0:0:5]:8080, false",
    "10.0.0.1, http://10.0.0.1:8080, true",
    "10.0.0.1, http://10.0.0.1:8081, false",
  })
  void origin_ofTheServersOwnAddress_passes(String address, String origin, boolean passes)
      throws UnknownHostException {
    InetSocketAddress local = new InetSocketAddress(InetAddress.getByName(address), 8080);
    assertThat(origins.allow(List.of(origin), local)).isEqualTo(passes);
  }
}

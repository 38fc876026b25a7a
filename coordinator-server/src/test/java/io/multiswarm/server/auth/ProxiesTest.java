package io.multiswarm.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxiesTest {

  private final Proxies proxies =
      new Proxies(
          List.of(
              AddressRange.parse("10.0.0.0/8").orElseThrow(),
              AddressRange.parse("fd00::/8").orElseThrow()));

  private static InetAddress address(String text) {
    return AddressRange.address(text).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "192.0.2.1 | -                                  | https       | -",
        "10.0.0.1  | -                                  | -           | -",
        "10.0.0.1  | -                                  | https       | true",
        "10.0.0.1  | -                                  | http        | false",
        "10.0.0.1  | -                                  | http, HTTPS | true",
        "10.0.0.1  | -                                  | gopher      | -",
        "10.0.0.1  | for=1.1.1.1;proto=https            | http        | true",
        "10.0.0.1  | for=1.1.1.1;Proto=\"http\";by=x     | -           | false",
        "10.0.0.1  | for=1.1.1.1                        | https       | -",
      })
  void scheme_always_isBelievedOfTrustedProxiesAlone(
      String connected, @Nullable String forwarded, @Nullable String proto, @Nullable Boolean is) {
    assertThat(
            proxies.isSecure(
                address(connected),
                Stream.ofNullable(forwarded).toList(),
                Stream.ofNullable(proto).toList()))
        .isEqualTo(is);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "192.0.2.1 | 1.1.1.1                        | 192.0.2.1",
        "10.0.0.1  | 1.1.1.1                        | 1.1.1.1",
        "10.0.0.1  | 1.1.1.1, 2.2.2.2               | 2.2.2.2",
        "10.0.0.1  | 1.1.1.1, 2.2.2.2, 10.9.9.9     | 2.2.2.2",
        "10.0.0.1  | 10.1.1.1, 10.2.2.2             | 10.1.1.1",
        "10.0.0.1  | nonsense                       | 10.0.0.1",
        "10.0.0.1  | 1.1.1.1, nonsense, 10.2.2.2    | 10.2.2.2",
        "10.0.0.1  | 1.1.1.1:4711                   | 1.1.1.1",
        "fd00::1   | 2001:db8::7                    | 2001:db8::7",
        "10.0.0.1  | 127.0.0.1                      | 10.0.0.1",
        "10.0.0.1  | 127.0.0.1, 10.5.5.5            | 10.5.5.5",
        "10.0.0.1  | ::1, 10.5.5.5                  | 10.5.5.5",
        "10.0.0.1  | ::ffff:127.0.0.1               | 10.0.0.1",
      })
  void forwardedFor_always_countsFromTrustedProxiesAlone(
      String connected, String header, String client) {
    assertThat(proxies.client(address(connected), List.of(), List.of(header)))
        .isEqualTo(address(client));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "for=1.1.1.1                                     | 1.1.1.1",
        "For=\"[2001:db8::7]:4711\";proto=https          | 2001:db8::7",
        "for=1.1.1.1, for=2.2.2.2;by=10.0.0.1            | 2.2.2.2",
        "for=1.1.1.1, for=_hidden                        | 10.0.0.1",
        "proto=https                                     | 10.0.0.1",
      })
  void forwarded_always_countsFromTrustedProxiesAlone(String header, String client) {
    assertThat(proxies.client(address("10.0.0.1"), List.of(header), List.of()))
        .isEqualTo(address(client));
    assertThat(proxies.client(address("192.0.2.1"), List.of(header), List.of()))
        .isEqualTo(address("192.0.2.1"));
  }

  /** The proxy writes one of the two, and passes on what the client says in the other. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "for=1.1.1.1             | 1.1.1.1          | 1.1.1.1",
        "for=6.6.6.6             | 1.1.1.1          | 0.0.0.0",
        "for=1.1.1.1             | 6.6.6.6, 6.6.6.7 | 0.0.0.0",
        "for=127.0.0.1           | 1.1.1.1          | 0.0.0.0",
        "for=_hidden             | 1.1.1.1          | 0.0.0.0",
        "proto=https             | 1.1.1.1          | 0.0.0.0",
        "for=6.6.6.6,for=1.1.1.1 | 1.1.1.1          | 1.1.1.1",
      })
  void bothHeaders_thatLeadElsewhere_areNotBelieved(String one, String other, String client) {
    assertThat(proxies.client(address("10.0.0.1"), List.of(one), List.of(other)))
        .isEqualTo(address(client));
    assertThat(proxies.client(address("192.0.2.1"), List.of(one), List.of(other)))
        .isEqualTo(address("192.0.2.1"));
  }

  @Test
  void ownMachine_isWhereTheConnectionComesFromAlone() {
    Proxies here = new Proxies(List.of(AddressRange.parse("127.0.0.0/8").orElseThrow()));
    InetAddress local = address("127.0.0.1");
    assertThat(here.client(local, List.of(), List.of())).isEqualTo(local);
    assertThat(here.client(local, List.of(), List.of("1.1.1.1, 127.0.0.2")))
        .isEqualTo(address("1.1.1.1"));
    assertThat(here.client(local, List.of("for=127.0.0.1"), List.of("1.1.1.1")).isLoopbackAddress())
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cafe", "localhost", "1.2.3", "1.2.3.256", "1.2.3.4/33", "::1/129", "/8"})
  void range_thatIsNone_isRefusedWithoutAskingANameServer(String text) {
    assertThat(AddressRange.parse(text)).isEmpty();
  }

  @Test
  void address_ofIpv6_countsByItsNetwork() {
    assertThat(Addresses.counted(address("2001:db8:1:2:3:4:5:6")))
        .isEqualTo(Addresses.counted(address("2001:db8:1:2:ffff::1")))
        .isNotEqualTo(Addresses.counted(address("2001:db8:1:3::1")));
  }
}

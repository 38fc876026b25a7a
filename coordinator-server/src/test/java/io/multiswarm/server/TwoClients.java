package io.multiswarm.server;

import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What tests of the wire protocol begin with: a server and two clients that opened a session. */
@RedisTest
abstract class TwoClients {

  TestServer server;
  JsonClient a;
  JsonClient b;

  @BeforeEach
  void start(TestRedis redis) {
    server = TestServer.start(redis);
    a = server.connect();
    b = server.connect();
  }

  @AfterEach
  void stop() {
    a.crash();
    b.crash();
    server.close();
  }

  static String create(String id) {
    return "{\"id\":\"" + id + "\",\"objective\":\"Build the API\"}";
  }
}

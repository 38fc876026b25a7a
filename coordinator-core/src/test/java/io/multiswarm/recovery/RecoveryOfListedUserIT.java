package io.multiswarm.recovery;

import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.RedisUser;
import io.multiswarm.testing.TestRedis;
import org.junit.jupiter.api.Tag;

/** For a user of Redis who may do what docs/operations.md lists. */
@RedisTest(user = RedisUser.LISTED)
@Tag("container")
class RecoveryOfListedUserIT extends RecoveryIT {

  RecoveryOfListedUserIT(TestRedis redis) {
    super(redis);
  }
}

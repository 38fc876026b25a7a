package io.multiswarm.recovery;

import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.RedisUser;
import io.multiswarm.testing.TestRedis;

/** For a user of Redis who may do what docs/operations.md lists. */
@RedisTest(user = RedisUser.LISTED)
class RecoveryOfListedUserIT extends RecoveryIT {

  RecoveryOfListedUserIT(TestRedis redis) {
    super(redis);
  }
}

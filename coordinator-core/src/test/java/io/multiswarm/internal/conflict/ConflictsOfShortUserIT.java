package io.multiswarm.internal.conflict;

import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.RedisUser;

/** For a user of Redis who may do what the short form in docs/operations.md says. */
@RedisTest(user = RedisUser.SHORT)
class ConflictsOfShortUserIT extends ConflictsIT {}

package io.multiswarm.internal.distribution;

import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.RedisUser;

/** For a user of Redis who may not ask what a key takes. */
@RedisTest(user = RedisUser.BARE)
class HistoryBudgetOfBareUserIT extends HistoryBudgetIT {}

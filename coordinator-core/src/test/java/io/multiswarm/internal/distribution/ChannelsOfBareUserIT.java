package io.multiswarm.internal.distribution;

import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.RedisUser;

/** For a user of Redis who is refused all that a node can do without. */
@RedisTest(user = RedisUser.BARE)
class ChannelsOfBareUserIT extends ChannelsIT {}

package io.multiswarm.server.methods;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.messaging.ChannelEvent;
import io.multiswarm.messaging.ChannelMessage;
import io.multiswarm.messaging.ChannelReader;
import io.multiswarm.messaging.Channels.ChannelSubscription;
import io.multiswarm.messaging.Gap;
import io.multiswarm.messaging.Position;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ChannelFeedTest {

  private static final String CHANNEL = "swarm:a";
  private static final Gap GAP = new Gap(CHANNEL, "7", 1, 3, Gap.Reason.TRIMMED);

  @Test
  void withoutCredit_gapAtTheBeginning_isTold() {
    ChannelFeed feed = begun(0, false, GAP, message(4));

    assertThat(next(feed)).contains("channel.gap").contains("\"to\":3");
    assertThat(next(feed)).isNull();
    feed.add(1);
    assertThat(next(feed)).contains("\"offset\":4");
    assertThat(next(feed)).isNull();
  }

  @Test
  void withoutCredit_messageInPlaceOfTheGap_waitsForCredit() {
    ChannelFeed feed = begun(0, false, message(1), message(2));

    assertThat(next(feed)).isNull();
    assertThat(next(feed)).isNull();
    feed.add(5);
    assertThat(next(feed)).contains("\"offset\":1");
    assertThat(next(feed)).contains("\"offset\":2");
  }

  @Test
  void withoutCredit_foreignMessageBeforeTheGap_isDropped() {
    ChannelFeed feed = begun(0, false, foreign(), GAP);

    assertThat(next(feed)).contains("channel.gap");
  }

  @Test
  void withoutCredit_recoveredSubscription_isSilent() {
    ChannelFeed feed = begun(0, true, GAP, message(4));

    assertThat(next(feed)).isNull();
  }

  @Test
  void gaps_always_takeNoCredit() {
    ChannelFeed feed = begun(1, true, GAP, message(4), GAP);

    assertThat(next(feed)).contains("channel.gap");
    assertThat(next(feed)).contains("\"offset\":4");
    assertThat(next(feed)).isNull();
  }

  private static ChannelFeed begun(int credit, boolean recovered, ChannelEvent... events) {
    ChannelFeed feed = new ChannelFeed(CHANNEL, credit);
    feed.begin(new ChannelSubscription(new Position("7", 9), recovered, new Given(events)));
    return feed;
  }

  private static ChannelMessage message(long offset) {
    return ChannelMessage.of(CHANNEL, new Position("7", offset), envelope(), 1);
  }

  private static ChannelMessage foreign() {
    return ChannelMessage.foreign(CHANNEL, envelope(), 1);
  }

  private static byte[] envelope() {
    return "{\"id\":\"m\"}".getBytes(StandardCharsets.UTF_8);
  }

  private static @Nullable String next(ChannelFeed feed) {
    byte[] text = feed.poll();
    return text == null ? null : new String(text, StandardCharsets.UTF_8);
  }

  private record Given(Queue<ChannelEvent> events) implements ChannelReader {

    Given(ChannelEvent... events) {
      this(new ArrayDeque<>(List.of(events)));
    }

    @Override
    public @Nullable ChannelEvent poll() {
      return events.poll();
    }

    @Override
    public void lull() {}

    @Override
    public void cancel() {}
  }
}

package io.multiswarm.load.judge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A judge is worth something only when it condemns: most of these histories are wrong. */
class MessageLedgerTest {

  private static final String CHANNEL = "swarm:s1";
  private static final int ANNA = 1;
  private static final int BERT = 2;

  private final MessageLedger ledger = new MessageLedger();
  private final SubscriptionLedger reader = ledger.subscribed(CHANNEL, "reader", at(0));

  @Test
  void verdict_everythingOnceAndInOrder_isClean() {
    sentAndSeen(1, ANNA, 0);
    sentAndSeen(2, BERT, 0);
    sentAndSeen(3, ANNA, 1);

    assertThat(ledger.verdict()).isEqualTo(new Verdict(3, 0, 0, 0, 0, 0));
    assertThat(ledger.isQuiet()).isTrue();
  }

  @Test
  void verdict_deliveryBeforeItsAcknowledgement_isClean() {
    reader.delivered(at(1), ANNA, 0);
    ledger.accepted(CHANNEL, at(1), ANNA, 0);

    assertThat(ledger.verdict().isClean()).isTrue();
  }

  @Test
  void verdict_offsetSkipped_isLost() {
    sentAndSeen(1, ANNA, 0);
    ledger.accepted(CHANNEL, at(2), ANNA, 1);
    sentAndSeen(3, ANNA, 2);

    assertThat(ledger.verdict().lost()).isEqualTo(1);
    assertThat(ledger.verdict().isClean()).isFalse();
    assertThat(ledger.examples()).anyMatch(example -> example.contains("offset 2"));
  }

  @Test
  void verdict_lastMessagesMissing_areLost() {
    sentAndSeen(1, ANNA, 0);
    ledger.accepted(CHANNEL, at(2), ANNA, 1);
    ledger.accepted(CHANNEL, at(3), ANNA, 2);

    assertThat(ledger.isQuiet()).isFalse();
    assertThat(ledger.verdict().lost()).isEqualTo(2);
  }

  @Test
  void verdict_secondSubscriberMissesOne_isLost() {
    SubscriptionLedger other = ledger.subscribed(CHANNEL, "other", at(0));
    sentAndSeen(1, ANNA, 0);
    sentAndSeen(2, ANNA, 1);
    other.delivered(at(2), ANNA, 1);

    assertThat(ledger.verdict().lost()).isEqualTo(1);
  }

  @Test
  void verdict_sameOffsetTwice_isDuplicate() {
    sentAndSeen(1, ANNA, 0);
    reader.delivered(at(1), ANNA, 0);

    assertThat(ledger.verdict()).isEqualTo(new Verdict(1, 0, 1, 0, 0, 0));
  }

  @Test
  void verdict_sameMessageUnderTwoOffsets_isDuplicate() {
    sentAndSeen(1, ANNA, 0);
    reader.delivered(at(2), ANNA, 0);

    assertThat(ledger.verdict().duplicates()).isEqualTo(1);
  }

  @Test
  void verdict_laterOffsetFirst_isOutOfOrderAndNotLost() {
    ledger.accepted(CHANNEL, at(1), ANNA, 0);
    sentAndSeen(2, BERT, 0);
    reader.delivered(at(1), ANNA, 0);

    assertThat(ledger.verdict()).isEqualTo(new Verdict(2, 0, 0, 1, 0, 0));
  }

  @Test
  void verdict_sendersMessagesSwappedInTheHistory_areOutOfOrder() {
    sentAndSeen(1, ANNA, 1);
    sentAndSeen(2, ANNA, 0);

    assertThat(ledger.verdict().outOfOrder()).isEqualTo(1);
  }

  @Test
  void verdict_gapForWhatIsMissing_isAnnouncedAndClean() {
    sentAndSeen(1, ANNA, 0);
    reader.gap("e", 2, 4);
    sentAndSeen(5, ANNA, 4);

    assertThat(ledger.verdict()).isEqualTo(new Verdict(2, 0, 0, 0, 3, 0));
  }

  @Test
  void verdict_gapThatLeavesOneOut_isLost() {
    sentAndSeen(1, ANNA, 0);
    reader.gap("e", 3, 4);
    sentAndSeen(5, ANNA, 4);

    assertThat(ledger.verdict().lost()).isEqualTo(1);
    assertThat(ledger.verdict().announced()).isEqualTo(2);
  }

  @Test
  void verdict_newEpochAnnounced_isClean() {
    sentAndSeen(7, ANNA, 0);
    reader.gap("f", 1, 2);
    reader.delivered(new ChannelPosition("f", 3), ANNA, 1);
    ledger.accepted(CHANNEL, new ChannelPosition("f", 3), ANNA, 1);

    assertThat(ledger.verdict().contradictions()).isZero();
    assertThat(ledger.verdict().announced()).isEqualTo(2);
  }

  @Test
  void verdict_newEpochInSilence_contradicts() {
    sentAndSeen(1, ANNA, 0);
    reader.delivered(new ChannelPosition("f", 1), ANNA, 1);

    assertThat(ledger.verdict().contradictions()).isEqualTo(1);
  }

  @Test
  void verdict_placeHoldsAnotherMessageThanPromised_contradicts() {
    ledger.accepted(CHANNEL, at(1), ANNA, 0);
    reader.delivered(at(1), BERT, 0);

    assertThat(ledger.verdict().contradictions()).isEqualTo(1);
  }

  @Test
  void verdict_twoSubscribersSawDifferentMessages_contradicts() {
    SubscriptionLedger other = ledger.subscribed(CHANNEL, "other", at(0));
    sentAndSeen(1, ANNA, 0);
    sentAndSeen(2, BERT, 0);
    other.delivered(at(1), BERT, 0);
    other.delivered(at(2), ANNA, 0);

    assertThat(ledger.verdict().contradictions()).isEqualTo(1);
    assertThat(ledger.examples()).anyMatch(example -> example.contains("saw other messages"));
  }

  @Test
  void verdict_wildOffset_isLostWithoutFillingTheMemory() {
    sentAndSeen(1, ANNA, 0);
    reader.delivered(at(5_000_000_000L), ANNA, 1);

    assertThat(ledger.verdict().lost()).isEqualTo(4_999_999_998L);
  }

  @Test
  void subscription_afterSomeHistory_missesNothingOfIt() {
    SubscriptionLedger late = ledger.subscribed("swarm:s2", "late", at(41));
    ledger.accepted("swarm:s2", at(42), ANNA, 0);
    late.delivered(at(42), ANNA, 0);

    assertThat(ledger.verdict().isClean()).isTrue();
  }

  private void sentAndSeen(long offset, int sender, long number) {
    ledger.accepted(CHANNEL, at(offset), sender, number);
    reader.delivered(at(offset), sender, number);
  }

  private static ChannelPosition at(long offset) {
    return new ChannelPosition("e", offset);
  }
}

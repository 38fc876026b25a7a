package io.multiswarm.load.judge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The checker itself, on histories that are right and wrong: some by hand, and those of a model of
 * leases at random, whole and broken in the ways in which such systems are broken.
 */
class LeadershipLedgerTest {

  private final LeadershipLedger ledger = new LeadershipLedger();

  @Test
  void history_inOrder_isClean() {
    ledger.began(5, "a");
    ledger.wrote(5, "a");
    ledger.began(7, "b");
    ledger.wrote(7, "b");
    ledger.released(7);
    ledger.began(8, "b");
    ledger.wrote(8, "b");

    assertThat(ledger.verdict()).isEqualTo(new LeadershipVerdict(3, 3, 0, 0, 0));
    assertThat(ledger.verdict().isClean()).isTrue();
    assertThat(ledger.examples()).isEmpty();
  }

  @Test
  void write_afterANewerLeadershipBegan_isStale() {
    ledger.began(5, "a");
    ledger.began(7, "b");
    ledger.wrote(5, "a");

    assertThat(ledger.verdict().staleWrites()).isOne();
    assertThat(ledger.verdict().isClean()).isFalse();
    assertThat(ledger.examples().get(0)).contains("of a with epoch 5", "after epoch 7");
  }

  @Test
  void write_afterItsLeadershipWasGivenUp_isStale() {
    ledger.began(5, "a");
    ledger.released(5);
    ledger.wrote(5, "a");

    assertThat(ledger.verdict().staleWrites()).isOne();
  }

  @Test
  void write_inAnothersName_isForeign() {
    ledger.began(5, "a");
    ledger.wrote(5, "b");
    ledger.wrote(6, "a");

    assertThat(ledger.verdict().foreignWrites()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(longs = {5, 4})
  void epoch_thatDoesNotGrow_isFound(long next) {
    ledger.began(5, "a");
    ledger.began(next, "b");

    assertThat(ledger.verdict().epochsNotGrown()).isOne();
  }

  @Test
  void leadership_thatBeganUnheard_beginsWithTheFirstThatIsHeard() {
    ledger.began(5, "a");
    ledger.interrupted();
    ledger.wrote(5, "a");
    ledger.wrote(7, "b");
    ledger.wrote(7, "b");

    assertThat(ledger.verdict()).isEqualTo(new LeadershipVerdict(2, 3, 0, 0, 0));

    ledger.wrote(5, "a");
    ledger.wrote(8, "c");

    assertThat(ledger.verdict().staleWrites()).isOne();
    assertThat(ledger.verdict().foreignWrites()).as("heard all since").isOne();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void model_whole_isClean(int seed) {
    new Model(Mutant.NONE, ledger, seed).run();

    assertThat(ledger.examples()).isEmpty();
    assertThat(ledger.verdict().isClean()).isTrue();
    assertThat(ledger.verdict().leaderships()).isGreaterThan(100);
    assertThat(ledger.verdict().writes()).isGreaterThan(1_000);
  }

  @ParameterizedTest
  @EnumSource(value = Mutant.class, mode = Mode.EXCLUDE, names = "NONE")
  void model_broken_isConvicted(Mutant mutant) {
    new Model(mutant, ledger, 1).run();

    assertThat(ledger.verdict().isClean()).isFalse();
    assertThat(ledger.examples()).isNotEmpty();
  }

  /** What is wrong with a model. */
  private enum Mutant {
    NONE,
    WRITES_ARE_NOT_FENCED,
    WRITES_NEED_ANY_LEASE,
    RENEWAL_RESURRECTS,
    CAMPAIGN_IGNORES_THE_HOLDER,
    EPOCH_IS_FORGOTTEN_WITH_THE_LEASE,
    RELEASE_IS_ANNOUNCED_ONLY
  }

  /**
   * Nodes that lead by a lease in a store, in random order and at random times. They are as
   * stubborn as can be: whoever led once writes on and renews on, so only the store's checks keep
   * the promises.
   */
  private static final class Model {

    private static final int STEPS = 10_000;
    private static final int LEASE = 20;
    private static final String[] NODES = {"a", "b", "c"};

    private final Mutant mutant;
    private final LeadershipLedger ledger;
    private final Random random;
    private final long[] believed = new long[NODES.length];
    private long now;
    private long lastEpoch;
    private long epoch;
    private long expires;

    Model(Mutant mutant, LeadershipLedger ledger, int seed) {
      this.mutant = mutant;
      this.ledger = ledger;
      this.random = new Random(seed);
    }

    void run() {
      for (int step = 0; step < STEPS; step++) {
        now += random.nextInt(4);
        int node = random.nextInt(NODES.length);
        switch (random.nextInt(20)) {
          case 0 -> release(node);
          case 1, 2, 3 -> campaign(node);
          case 4, 5 -> renew(node);
          default -> write(node);
        }
      }
    }

    private boolean isHeld() {
      return now < expires;
    }

    private boolean holds(int node) {
      return isHeld() && believed[node] == epoch;
    }

    private void campaign(int node) {
      if (isHeld() && mutant != Mutant.CAMPAIGN_IGNORES_THE_HOLDER) {
        return;
      }
      if (mutant == Mutant.EPOCH_IS_FORGOTTEN_WITH_THE_LEASE) {
        lastEpoch = 0;
      }
      if (!(isHeld() && mutant == Mutant.CAMPAIGN_IGNORES_THE_HOLDER)) {
        lastEpoch++;
      }
      epoch = lastEpoch;
      expires = now + LEASE;
      believed[node] = epoch;
      ledger.began(epoch, NODES[node]);
    }

    private void renew(int node) {
      if (holds(node)) {
        expires = now + LEASE;
      } else if (mutant == Mutant.RENEWAL_RESURRECTS && believed[node] > 0) {
        epoch = believed[node];
        expires = now + LEASE;
      }
    }

    private void write(int node) {
      boolean accepted =
          switch (mutant) {
            case WRITES_ARE_NOT_FENCED -> true;
            case WRITES_NEED_ANY_LEASE -> isHeld();
            default -> holds(node);
          };
      if (accepted && believed[node] > 0) {
        ledger.wrote(believed[node], NODES[node]);
      }
    }

    private void release(int node) {
      if (holds(node)) {
        ledger.released(epoch);
        if (mutant != Mutant.RELEASE_IS_ANNOUNCED_ONLY) {
          expires = now;
        }
      }
    }
  }
}

package io.multiswarm.internal.distribution;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jetbrains.lincheck.datastructures.verifier.EpsilonVerifier;

/**
 * A {@link CursorRound} in the hands of Lincheck, which makes up small scenarios of these
 * operations and tries the interleavings of their steps one by one. What the operations answer is
 * free; the round itself judges at the end of each.
 *
 * <p>A program of its own, because Lincheck changes the classes of the process that it runs in.
 */
@Param(name = "n", gen = IntGen.class, conf = "1:3")
public final class CursorOperations {

  static final int CONVICTED = 3;

  private static final int THREADS = 2;
  private static final int STEPS = 2;

  private final CursorRound round = new CursorRound().begin();

  @Operation(nonParallelGroup = "subscriber connection")
  public void publish() {
    round.publish();
  }

  @Operation(nonParallelGroup = "subscriber connection")
  public void publishUnheard() {
    round.publishUnheard();
  }

  @Operation
  public void compare() {
    round.compare();
  }

  @Operation
  public boolean answer() {
    return round.answer();
  }

  @Operation
  public void request(@Param(name = "n") int n) {
    round.request(n);
  }

  @Operation(runOnce = true)
  public void cancel() {
    round.cancel();
  }

  @Validate
  public void judge() {
    round.judge();
  }

  /**
   * @param arguments how many scenarios, and how many interleavings of each
   */
  public static void main(String[] arguments) {
    try {
      new ModelCheckingOptions()
          .iterations(Integer.parseInt(arguments[0]))
          .invocationsPerIteration(Integer.parseInt(arguments[1]))
          .threads(THREADS)
          .actorsPerThread(STEPS)
          .actorsBefore(1)
          .actorsAfter(0)
          .verifier(EpsilonVerifier.class)
          .addGuarantee(
              forClasses(name -> name.startsWith("java.util.concurrent."))
                  .allMethods()
                  .treatAsAtomic())
          .addGuarantee(forClasses(CursorOperations::isOfNoInterest).allMethods().ignore())
          .check(CursorOperations.class);
    } catch (LincheckAssertionError convicted) {
      System.err.println(convicted.getMessage());
      System.exit(CONVICTED);
    }
  }

  /** Has no part in the protocol between the threads. */
  private static boolean isOfNoInterest(String name) {
    return name.startsWith("java.") && !name.startsWith("java.util.concurrent.")
        || name.startsWith("reactor.")
        || name.endsWith(".StreamCounters")
        || name.endsWith(".PositionHeader")
        || name.endsWith(".CursorRound$Redis");
  }
}

package io.multiswarm.load.messages;

import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.multiswarm.load.report.Report;
import io.multiswarm.load.scenario.Scenario;
import io.multiswarm.load.scenario.ScenarioContext;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Messages, while each second Redis ends every connection that is subscribed to anything.
 *
 * <p><b>Invariant.</b> That of {@link MessagesScenario}, and no gap either: what was published
 * while nobody listened is inside the history, and so is delivered from there.
 */
public final class KilledSubscriptionsScenario implements Scenario {

  private static final Duration BETWEEN_KILLS = Duration.ofSeconds(1);

  private final MessagesScenario messages;

  /**
   * @param messages over the server alone
   */
  public KilledSubscriptionsScenario(MessagesScenario messages) {
    this.messages = messages;
  }

  @Override
  public String promise() {
    return "Subscriptions that Redis ends each second lose nothing, repeat nothing and leave no gap.";
  }

  @Override
  public Mono<Report> run(ScenarioContext context) {
    var killed = new AtomicLong();
    return Mono.firstWithSignal(
            messages.run(context), kills(context.knownRedis(), killed, context).then(Mono.never()))
        .doOnNext(report -> judge(report, killed.get()));
  }

  private static Flux<Long> kills(URI redis, AtomicLong killed, ScenarioContext context) {
    return Flux.usingWhen(
        Mono.fromSupplier(RedisClient::create),
        client ->
            Mono.fromCompletionStage(
                    () -> client.connectAsync(StringCodec.UTF8, RedisURI.create(redis)))
                .map(StatefulRedisConnection::reactive)
                .flatMapMany(
                    commands ->
                        Flux.interval(BETWEEN_KILLS, context.clock())
                            .onBackpressureDrop()
                            .concatMap(
                                tick -> commands.clientKill(KillArgs.Builder.typePubsub()), 1))
                .doOnNext(
                    count -> {
                      killed.addAndGet(count);
                      context.mark("subscriptions killed: " + count);
                    }),
        client -> Mono.fromCompletionStage(client::shutdownAsync));
  }

  private static void judge(Report report, long killed) {
    report.section("faults").row("subscriptions killed", killed);
    if (killed == 0) {
      report.defect("no subscription was killed, so nothing was shown");
    }
    report
        .number(WebSocketTransport.NAME, "announced as missing")
        .ifPresent(
            count ->
                report.defects(
                    "messages announced as missing that the history held", (long) count));
  }
}

package io.multiswarm.server.ctl;

import io.multiswarm.common.Ids;
import io.multiswarm.common.Json;
import io.multiswarm.server.client.Told;
import io.multiswarm.server.client.Tree;
import io.multiswarm.server.config.ConfigException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What is said between swarms: saying it and hearing it. */
final class MessageCommands {

  private MessageCommands() {}

  @Command(
      name = "send",
      mixinStandardHelpOptions = true,
      description = {
        "Sends a message to a swarm or a channel.",
        "Without --from it comes from a swarm that exists as long as the call."
      })
  static final class Send extends CtlCommand {

    @Parameters(
        index = "0",
        paramLabel = "<to>",
        description = "A swarm's id, or a channel: swarm:global.")
    String to = "";

    @Parameters(index = "1", paramLabel = "<type>", description = "The message's type.")
    String type = "";

    @Parameters(
        index = "2",
        arity = "0..1",
        defaultValue = "null",
        paramLabel = "<json>",
        description = "Its data; null without.")
    String data = "";

    @Option(
        names = "--from",
        paramLabel = "<swarm>",
        description = "In whose name; takes the right of an administrator.")
    @Nullable String from;

    @Option(
        names = "--request",
        paramLabel = "<duration>",
        description = "Ask, wait so long for the reply, and print it.")
    @Nullable String request;

    Send(Surroundings surroundings) {
      super(surroundings);
    }

    @Override
    Work prepare() {
      Json given = NewTaskOptions.json("<json>", data);
      Long timeout = Times.millis("--request", request);
      boolean isChannel = to.indexOf(':') >= 0;
      if (isChannel && timeout != null) {
        throw new ConfigException("--request: takes a swarm, not a channel");
      }
      String method =
          timeout != null ? "message.request" : isChannel ? "message.publish" : "message.send";
      return console ->
          inTheNameOf(
              console,
              sender ->
                  console.show(
                      console.call(
                          method,
                          "from",
                          sender,
                          isChannel ? "channel" : "to",
                          to,
                          "type",
                          type,
                          "data",
                          given,
                          "timeoutMs",
                          timeout),
                      answer -> print(console, answer)));
    }

    private static void print(Console console, Tree answer) {
      console.print(
          answer.at("offset").isPresent()
              ? "sent as %s, offset %s".formatted(answer.text("id"), answer.text("offset"))
              : answer.at("data").isPresent() ? answer.text("data") : answer.text("error"));
    }

    private Mono<Integer> inTheNameOf(Console console, Function<String, Mono<Integer>> send) {
      if (from != null) {
        return send.apply(from);
      }
      return Mono.usingWhen(
          console
              .call(
                  "swarm.create",
                  "id",
                  Ids.unique("ctl"),
                  "objective",
                  "One message from the command line",
                  "maxAgents",
                  1)
              .map(made -> made.text("swarm.id")),
          send,
          id -> console.call("swarm.deregister", "swarmId", id));
    }
  }

  @Command(
      name = "listen",
      mixinStandardHelpOptions = true,
      description = "Prints what is said on channels, until it is stopped.")
  static final class Listen extends Hearing {

    @Parameters(
        paramLabel = "<channel>",
        arity = "1..*",
        description = "swarm:global, swarm:events, …; a swarm's id is its channel.")
    List<String> channels = List.of();

    Listen(Surroundings surroundings) {
      super(surroundings);
    }

    @Override
    List<String> channels() {
      return channels.stream()
          .map(named -> named.indexOf(':') >= 0 ? named : "swarm:" + named)
          .toList();
    }
  }

  @Command(
      name = "events",
      mixinStandardHelpOptions = true,
      description = "Prints what happens in the fleet, until it is stopped.")
  static final class Events extends Hearing {

    Events(Surroundings surroundings) {
      super(surroundings);
    }

    @Override
    List<String> channels() {
      return List.of("swarm:events", "swarm:coordination", "swarm:tasks");
    }
  }

  /** Hears channels. */
  abstract static class Hearing extends CtlCommand {

    @Option(names = "--from-start", description = "What is kept of the channels comes first.")
    boolean fromStart;

    @Option(
        names = "--count",
        paramLabel = "<n>",
        description = "End after so many; never without.")
    @Nullable Long count;

    Hearing(Surroundings surroundings) {
      super(surroundings);
    }

    abstract List<String> channels();

    @Override
    final Work prepare() {
      if (count != null && count < 1) {
        throw new ConfigException("--count: must be at least 1");
      }
      Json since = fromStart ? Json.parse("{\"epoch\":\"\",\"offset\":0}") : null;
      return console -> {
        Flux<Told> told =
            count == null ? console.client().told() : console.client().told().take(count);
        Mono<Void> begun =
            Flux.fromIterable(channels())
                .concatMap(one -> console.call("channel.subscribe", "channel", one, "since", since))
                .then();
        // What is told before all have been subscribed to waits in the connection.
        return begun.thenMany(told).doOnNext(one -> print(console, one)).then(Mono.just(Exit.DONE));
      };
    }

    private static void print(Console console, Told told) {
      if (console.isJson()) {
        console.print(Console.params("method", told.method(), "params", told.params()));
        return;
      }
      Tree params = new Tree(told.params());
      if (told.method().equals("channel.gap")) {
        console.print(
            "%s misses %s to %s (%s)"
                .formatted(
                    params.text("channel"),
                    params.text("from"),
                    params.text("to"),
                    params.text("reason")));
        return;
      }
      Tree message = params.at("message");
      console.print(
          "%s %s %s %s %s"
              .formatted(
                  Times.clock(message.number("timestamp")),
                  params.text("channel"),
                  message.text("swarmId"),
                  message.text("payload.type"),
                  message.text("payload.data")));
    }
  }
}

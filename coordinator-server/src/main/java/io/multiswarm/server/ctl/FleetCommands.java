package io.multiswarm.server.ctl;

import io.multiswarm.server.client.Tree;
import io.multiswarm.server.config.ConfigException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reactor.core.publisher.Mono;

/** The fleet as a whole: who leads, which nodes there are, what is shared, and its pause. */
final class FleetCommands {

  private FleetCommands() {}

  @Command(name = "leader", mixinStandardHelpOptions = true, description = "Tells who leads.")
  static final class Leader extends CtlCommand {

    Leader(Surroundings surroundings) {
      super(surroundings);
    }

    @Override
    Work prepare() {
      return console ->
          console.show(console.call("leader.get"), leader -> console.print(sentence(leader)));
    }

    static String sentence(Tree leader) {
      return leader.at("swarmId").isPresent()
          ? "%s leads since epoch %s, on %s; its lease has %s left"
              .formatted(
                  leader.text("swarmId"),
                  leader.text("epoch"),
                  leader.text("node"),
                  Times.span(Duration.ofMillis(leader.number("leaseMs"))))
          : "nobody leads";
    }
  }

  @Command(name = "nodes", mixinStandardHelpOptions = true, description = "Lists the nodes.")
  static final class Nodes extends CtlCommand {

    Nodes(Surroundings surroundings) {
      super(surroundings);
    }

    @Override
    Work prepare() {
      return console ->
          console.show(console.call("node.list"), all -> console.print(table(console, all)));
    }

    private static Table table(Console console, Tree all) {
      Table table = new Table("NODE", "VERSION", ">SESSIONS", ">SWARMS", ">REDIS", ">UP", "");
      for (Tree node : all.items("nodes")) {
        String latency = node.text("redisLatencyMs");
        table.row(
            node.text("node"),
            node.text("version"),
            node.text("sessions"),
            node.text("swarms"),
            latency.isEmpty() ? "" : latency + " ms",
            console.age(node.number("startedAt")),
            node.at("leading").isTrue() ? "leads" : "");
      }
      return table;
    }
  }

  @Command(
      name = "resources",
      mixinStandardHelpOptions = true,
      description = "Lists resources and who holds them.")
  static final class Resources extends CtlCommand {

    private static final int SHOWN = 10;

    Resources(Surroundings surroundings) {
      super(surroundings);
    }

    @Override
    Work prepare() {
      return console ->
          console.show(console.call("resource.list"), all -> console.print(table(all)));
    }

    private static Table table(Tree all) {
      Table table = new Table("RESOURCE", ">TOTAL", ">FREE", "HELD BY");
      for (Tree pool : all.items("resources")) {
        String holders =
            pool.items("allocations").stream()
                .limit(SHOWN)
                .map(held -> held.text("swarmId") + " " + held.text("amount"))
                .collect(Collectors.joining(", "));
        int more = pool.items("allocations").size() - SHOWN;
        table.row(
            pool.text("type"),
            pool.text("total"),
            pool.text("available"),
            more > 0 ? holders + " and " + more + " more" : holders);
      }
      return table;
    }
  }

  @Command(
      name = "define",
      mixinStandardHelpOptions = true,
      description = "Defines a resource, or changes its total.")
  static final class Define extends CtlCommand {

    @Parameters(index = "0", paramLabel = "<type>", description = "Its name.")
    String type = "";

    @Parameters(index = "1", paramLabel = "<total>", description = "How much there is.")
    long total;

    @Option(names = "--reclaim", description = "Take it from swarms that do nothing.")
    boolean reclaims;

    Define(Surroundings surroundings) {
      super(surroundings);
    }

    @Override
    Work prepare() {
      return console ->
          console.show(
              console.call(
                  "resource.define",
                  "type",
                  type,
                  "total",
                  total,
                  "reclaim",
                  reclaims ? true : null),
              now ->
                  console.print(
                      "%s: %s, %s free".formatted(type, now.text("total"), now.text("available"))));
    }
  }

  @Command(
      name = "conflicts",
      mixinStandardHelpOptions = true,
      description = "Lists the latest conflicts between swarms.")
  static final class Conflicts extends CtlCommand {

    Conflicts(Surroundings surroundings) {
      super(surroundings);
    }

    @Override
    Work prepare() {
      return console ->
          console.show(
              console.call("channel.history", "channel", "swarm:coordination", "limit", 1_000),
              page -> console.print(table(page)));
    }

    /** From what was told when they began, and when they were decided. */
    private static Table table(Tree page) {
      Map<String, Tree> begun = new LinkedHashMap<>();
      Map<String, Tree> decided = new LinkedHashMap<>();
      for (Tree entry : page.items("messages")) {
        Tree payload = entry.at("message.payload");
        String id = payload.text("data.conflictId");
        if (payload.text("type").equals("conflict_detected")) {
          begun.put(id, payload.at("data"));
        } else if (payload.text("type").equals("conflict_resolved")) {
          begun.putIfAbsent(id, payload.at("data"));
          decided.put(id, payload.at("data"));
        }
      }
      Table table = new Table("CONFLICT", "ABOUT", "BETWEEN", "WINNER", "STRATEGY", "REASON");
      begun.forEach((id, one) -> row(table, id, one, decided.get(id)));
      return table;
    }

    private static void row(Table table, String id, Tree one, @Nullable Tree end) {
      table.row(
          id,
          one.text("type"),
          swarm(one.at("swarmA")) + ", " + swarm(one.at("swarmB")),
          end == null ? "(open)" : end.text("winner"),
          end == null ? one.text("strategy") : end.text("strategy"),
          end == null ? "" : end.text("reason"));
    }

    private static String swarm(Tree named) {
      return named.at("id").isPresent() ? named.text("id") : named.text();
    }
  }

  @Command(
      name = "stats",
      mixinStandardHelpOptions = true,
      description = "Tells the statistics of the fleet and of the node.")
  static final class Stats extends CtlCommand {

    Stats(Surroundings surroundings) {
      super(surroundings);
    }

    @Override
    Work prepare() {
      return console -> console.show(console.call("stats.get"), all -> print(console, all));
    }

    private static void print(Console console, Tree all) {
      Table table = new Table("GROUP", "WHAT", ">VALUE");
      all.json()
          .members()
          .forEach(
              (group, values) -> {
                if (values.isObject()) {
                  values
                      .members()
                      .forEach((name, one) -> table.row(group, name, new Tree(one).text()));
                } else {
                  table.row("", group, new Tree(values).text());
                }
              });
      console.print(table);
    }
  }

  @Command(
      name = "pause",
      mixinStandardHelpOptions = true,
      description = "Gives no more tasks to a swarm, or to nobody in the fleet.")
  static final class Pause extends OfOneOrAll {

    Pause(Surroundings surroundings) {
      super(surroundings, "pause");
    }
  }

  @Command(
      name = "resume",
      mixinStandardHelpOptions = true,
      description = "Gives tasks again to a swarm, or to the fleet.")
  static final class Resume extends OfOneOrAll {

    Resume(Surroundings surroundings) {
      super(surroundings, "resume");
    }
  }

  /** Of a swarm, or of the whole fleet when that is said: nobody pauses it by a forgotten word. */
  abstract static class OfOneOrAll extends CtlCommand {

    private final String verb;

    @Parameters(paramLabel = "<swarm>", arity = "0..1", description = "Its id.")
    @Nullable String swarm;

    @Option(names = "--fleet", description = "The whole fleet instead of a swarm.")
    boolean isOfAll;

    OfOneOrAll(Surroundings surroundings, String verb) {
      super(surroundings);
      this.verb = verb;
    }

    @Override
    Work prepare() {
      if (isOfAll == (swarm != null)) {
        throw new ConfigException(verb + ": say which swarm, or --fleet");
      }
      return console -> {
        Mono<Tree> done =
            isOfAll
                ? console.call("task." + verb)
                : console.call("swarm." + verb, "swarmId", swarm);
        String what = isOfAll ? "the fleet" : swarm;
        return console.show(
            done,
            now -> console.print(what + (now.at("paused").isTrue() ? " is paused" : " goes on")));
      };
    }
  }
}

package io.multiswarm.load.agents;

import io.multiswarm.load.agents.AgentDoor.NoAnswerException;
import io.multiswarm.load.agents.AgentDoor.ToolRefusedException;
import io.multiswarm.load.faults.ServerSlot;
import io.multiswarm.load.faults.ServerSlots;
import io.multiswarm.load.report.Report;
import io.multiswarm.load.scenario.ScenarioContext;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** All tasks, with one kill after the other on the way. */
final class AgentsRun {

  /** How long nothing may be completed before what is missing is lost. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final int UNFINISHED = 200;
  private static final int BATCH = 20;
  private static final int BETWEEN_LOOKS_MS = 20;
  private static final int BETWEEN_NUMBERS_MS = 100;
  private static final int AGENTS_KILLED_AT_ONCE = 4;

  private enum Victim {
    AGENTS,
    BRIDGES,
    NODE
  }

  private final AgentsScenario.Plan plan;
  private final ScenarioContext context;
  private final ServerSlots slots;
  private final Random random;
  private final AgentLedger ledger = new AgentLedger();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<WorkingAgent> bridged = new ArrayList<>();
  private final List<WorkingAgent> agents = new ArrayList<>();
  private int submitted;

  AgentsRun(AgentsScenario.Plan plan, ScenarioContext context, ServerSlots slots) {
    this.plan = plan;
    this.context = context;
    this.slots = slots;
    this.random = new Random(plan.seed());
  }

  private URI anyServer() {
    return Objects.requireNonNull(slots.any().block());
  }

  void run(Report report) throws InterruptedException {
    context.say(
        "%nagents: %,d tasks, %d agents, %d with bridges, %d kills, seed %d%n",
        plan.tasks(), plan.agents(), plan.bridged(), plan.kills(), plan.seed());
    long began = System.nanoTime();
    Thread teller = new Thread(this::tell, "teller");
    teller.setDaemon(true);
    teller.start();
    for (int i = 0; i < plan.agents(); i++) {
      hire(i);
    }
    HttpDoor submitter = new HttpDoor(http, this::anyServer);
    List<Victim> victims = victims();
    for (int i = 0; i < victims.size(); i++) {
      until(submitter, (i + 1) * plan.tasks() / (victims.size() + 1));
      context.say("%4d of %d  killed: %s%n", i + 1, victims.size(), victims.get(i));
      context.mark("killed: " + victims.get(i));
      strike(victims.get(i));
    }
    until(submitter, plan.tasks());
    for (WorkingAgent agent : agents) {
      agent.end();
    }
    teller.interrupt();
    teller.join();
    summarize(report, System.nanoTime() - began, audit(submitter));
  }

  private void hire(int number) {
    boolean hasBridge = number < plan.bridged();
    AgentDoor door =
        hasBridge
            ? new BridgeDoor(plan.servers().jar(), this::anyServer)
            : new HttpDoor(http, this::anyServer);
    WorkingAgent agent =
        new WorkingAgent(
            "agent-" + number, door, ledger, plan.servers().lease(), plan.seed() + number);
    agents.add(agent);
    if (hasBridge) {
      bridged.add(agent);
    }
    agent.start();
  }

  /** Each kind as often. */
  private List<Victim> victims() {
    List<Victim> victims = new ArrayList<>();
    for (int i = 0; i < plan.kills(); i++) {
      victims.add(Victim.values()[i % Victim.values().length]);
    }
    Collections.shuffle(victims, random);
    return victims;
  }

  private void strike(Victim victim) {
    switch (victim) {
      case AGENTS -> {
        List<WorkingAgent> all = new ArrayList<>(agents);
        Collections.shuffle(all, random);
        all.subList(0, Math.max(1, all.size() / AGENTS_KILLED_AT_ONCE)).forEach(WorkingAgent::kill);
      }
      case BRIDGES -> bridged.forEach(WorkingAgent::killDoor);
      case NODE -> {
        ServerSlot slot = slots.all().get(random.nextInt(slots.all().size()));
        slot.kill().then(slot.start()).block();
      }
    }
  }

  /** Hands in tasks, a few at a time, until so many are completed. */
  private void until(AgentDoor submitter, int completed) throws InterruptedException {
    int before = ledger.completedCount();
    long changed = System.nanoTime();
    while (ledger.completedCount() < completed) {
      int count = ledger.completedCount();
      if (count != before) {
        before = count;
        changed = System.nanoTime();
      }
      if (System.nanoTime() - changed > PATIENCE.toNanos()) {
        context.say("%s pass without a completion; %,d are there%n", PATIENCE, count);
        return;
      }
      if (submitted < plan.tasks() && submitted - count < UNFINISHED) {
        submit(submitter);
      } else {
        settle(submitter);
        Thread.sleep(BETWEEN_LOOKS_MS);
      }
    }
  }

  /** Looks at the tasks whose completion was perhaps not answered. */
  private void settle(AgentDoor door) throws InterruptedException {
    for (String id : ledger.uncertain()) {
      JsonNode task = insist(door, "status", Map.of("id", id));
      if (task.path("status").asString("").equals("completed")) {
        ledger.event("found before an answer");
        ledger.completed(id, task.path("attempts").asLong());
      }
    }
  }

  private static String id(int number) {
    return "task-" + number;
  }

  private void submit(AgentDoor submitter) throws InterruptedException {
    int end = Math.min(plan.tasks(), submitted + BATCH);
    List<Map<String, Object>> tasks =
        IntStream.range(submitted, end)
            .mapToObj(
                number ->
                    Map.<String, Object>of(
                        "id", id(number), "description", "d", "maxAttempts", 100))
            .toList();
    if (insist(submitter, "submit", Map.of("tasks", tasks)) != null) {
      submitted = end;
    }
  }

  /** Repeats a call until it is answered. */
  private JsonNode insist(AgentDoor door, String tool, Map<String, Object> arguments)
      throws InterruptedException {
    while (true) {
      try {
        return door.call(tool, arguments);
      } catch (NoAnswerException | ToolRefusedException later) {
        Thread.sleep(BETWEEN_LOOKS_MS);
      }
    }
  }

  /** Tells all agents one number after the other, each until it is known to be kept. */
  private void tell() {
    HttpDoor door = new HttpDoor(http, this::anyServer);
    try {
      String handle = insist(door, "join", Map.of("name", "teller")).path("handle").asString();
      for (long number = 0; ; number++) {
        insist(
            door,
            "send",
            Map.of("handle", handle, "to", "all", "text", WorkingAgent.numbered(number)));
        Thread.sleep(BETWEEN_NUMBERS_MS);
      }
    } catch (InterruptedException over) {
      ledger.event("teller ended");
    }
  }

  /** What the store says of the tasks. */
  private Audit audit(AgentDoor door) throws InterruptedException {
    TreeSet<String> lost = new TreeSet<>();
    long attempts = 0;
    for (int number = 0; number < submitted; number++) {
      JsonNode task = insist(door, "status", Map.of("id", id(number)));
      attempts += task.path("attempts").asLong();
      if (!task.path("status").asString("").equals("completed")) {
        lost.add(id(number) + " " + task.path("status").asString(""));
      }
    }
    return new Audit(lost, attempts);
  }

  private record Audit(TreeSet<String> lost, long attempts) {}

  private void summarize(Report report, long nanos, Audit audit) {
    double seconds = nanos / (double) TimeUnit.SECONDS.toNanos(1);
    Report.Section section =
        report
            .section("agents")
            .row("seconds", seconds)
            .row("kills", plan.kills())
            .row("tasks", submitted)
            .row("completed", ledger.completedCount())
            .row("attempts", audit.attempts())
            .row("lost", audit.lost().size());
    ledger.defects().forEach(section::row);
    ledger.events().forEach(section::row);
    report.defects("tasks lost", audit.lost().size());
    audit.lost().stream().limit(5).forEach(report::defect);
    ledger.defects().forEach(report::defects);
    ledger.examples().forEach(report::defect);
    if (submitted != plan.tasks() || ledger.completedCount() != plan.tasks()) {
      report.defect(
          "%,d tasks were submitted and %,d completions told"
              .formatted(submitted, ledger.completedCount()));
    }
  }
}

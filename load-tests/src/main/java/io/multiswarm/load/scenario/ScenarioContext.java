package io.multiswarm.load.scenario;

import io.multiswarm.load.client.Connector;
import io.multiswarm.load.client.Door;
import io.multiswarm.load.report.Report;
import io.multiswarm.load.report.Timeline;
import io.multiswarm.load.target.Target;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import reactor.core.scheduler.Scheduler;
import reactor.netty.http.client.HttpClient;

/**
 * What a scenario runs on.
 *
 * @param target the server, and what is known of it
 * @param connector what connections are made with
 * @param clock for what has no connection of its own, such as progress
 * @param out where progress is printed
 * @param timeline what changes on the way
 * @param began on the clock, in nanoseconds
 */
public record ScenarioContext(
    Target target,
    Connector connector,
    Scheduler clock,
    PrintWriter out,
    Timeline timeline,
    long began) {

  /** On a target, from now on. */
  public static ScenarioContext begin(
      Target target, Connector connector, Scheduler clock, PrintWriter out) {
    return new ScenarioContext(
        target, connector, clock, out, new Timeline(), clock.now(TimeUnit.NANOSECONDS));
  }

  /** The same on another target, without progress: for a scenario that is a part of another. */
  public ScenarioContext on(Target other) {
    var silent = new PrintWriter(Writer.nullWriter());
    return new ScenarioContext(other, connector, clock, silent, new Timeline(), began);
  }

  /** The same with a line of progress below the other: for parts that tell theirs side by side. */
  public ScenarioContext inLines() {
    return new ScenarioContext(target, connector, clock, new PrintWriter(out), timeline, began);
  }

  /** The server's WebSocket address. */
  public URI url() {
    return target.url();
  }

  /** All ways in, which sessions take in turn. */
  public List<Door> doors() {
    return target.doors();
  }

  /** Tells what ran where, unless all of it did so in one place. */
  public void addPlaces(int sessions, Report report) {
    List<Door> doors = doors();
    List<URI> shards = target.shards();
    if (doors.size() == 1 && shards.size() < 2) {
      return;
    }
    Report.Section section = report.section("where");
    List<URI> servers = doors.stream().map(Door::url).distinct().toList();
    for (int i = 0; i < servers.size(); i++) {
      section.row("server " + (i + 1), servers.get(i).toString());
    }
    for (int i = 0; i < shards.size() && shards.size() > 1; i++) {
      section.row("redis " + (i + 1), shards.get(i).toString());
    }
    for (int i = 0; i < doors.size(); i++) {
      Door door = doors.get(i);
      String fleet = door.fleet().isEmpty() ? "" : ", fleet " + door.fleet();
      section.row(
          "sessions at server %d%s".formatted(servers.indexOf(door.url()) + 1, fleet),
          sessions / doors.size() + (i < sessions % doors.size() ? 1 : 0));
    }
  }

  /** The Redis behind it, when it is known: for baselines and for counting commands. */
  public Optional<URI> redis() {
    return target.redis();
  }

  /** The server's process, when it is ours: for counting its CPU time. */
  public Optional<ProcessHandle> server() {
    return target.process();
  }

  public HttpClient http() {
    return connector.http();
  }

  /** Tells a value at this moment; what has one unit ends in the same word after a comma. */
  public void tell(String series, double value) {
    timeline.add(series, seconds(), value);
  }

  /** Tells that something happens now, such as a fault. */
  public void mark(String what) {
    timeline.mark(seconds(), what);
  }

  /** Since the beginning. */
  public double seconds() {
    return (clock.now(TimeUnit.NANOSECONDS) - began) / (double) TimeUnit.SECONDS.toNanos(1);
  }

  /** Tells how it goes, in a terminal in place of what was told before. */
  void progress(String line) {
    if (out instanceof Terminal terminal) {
      terminal.rewrite(line);
    } else {
      say("%s%n", line);
    }
  }

  /** Prints, and at once. */
  public void say(String format, Object... arguments) {
    out.printf(Locale.ROOT, format, arguments);
    out.flush();
  }

  /**
   * The Redis behind the server.
   *
   * @throws IllegalArgumentException when it is not known, in words for the person at the keyboard
   */
  public URI knownRedis() {
    return redis()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Where Redis is must be known for this: say it with --redis-url"));
  }
}

package io.multiswarm.load.agents;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Starts the server's command {@code mcp}, and another one when that has ended or is cut off. */
final class BridgeDoor implements AgentDoor {

  private final Path jar;
  private final Supplier<URI> servers;
  private volatile @Nullable Process bridge;
  private long ids;

  BridgeDoor(Path jar, Supplier<URI> servers) {
    this.jar = jar;
    this.servers = servers;
  }

  @Override
  public JsonNode call(String tool, Map<String, Object> arguments)
      throws NoAnswerException, ToolRefusedException {
    try {
      Process running = running();
      long id = ++ids;
      Writer input = running.outputWriter();
      input.write(AgentDoor.message(id, tool, arguments) + '\n');
      input.flush();
      return AgentDoor.result(answer(running.inputReader(), id));
    } catch (IOException broken) {
      kill();
      throw new NoAnswerException(String.valueOf(broken.getMessage()));
    } catch (NoAnswerException unreached) {
      // Its server may have been killed, and the next one is elsewhere.
      kill();
      throw unreached;
    }
  }

  private static JsonNode answer(BufferedReader lines, long id)
      throws IOException, NoAnswerException {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      JsonNode message = JsonMapper.shared().readTree(line);
      if (message.path("id").asLong(-1) == id) {
        return message;
      }
    }
    throw new NoAnswerException("the bridge has ended");
  }

  private Process running() throws IOException {
    Process present = bridge;
    if (present != null && present.isAlive()) {
      return present;
    }
    Process started =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx64m",
                    "-XX:TieredStopAtLevel=1",
                    "-jar",
                    jar.toString(),
                    "mcp",
                    "--url",
                    servers.get().toString()))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    bridge = started;
    return started;
  }

  /** SIGKILL. */
  @Override
  public void kill() {
    Process present = bridge;
    if (present != null) {
      present.destroyForcibly();
    }
  }
}

package io.multiswarm.server.mcp.bridge;

import io.multiswarm.server.client.Endpoint;
import io.multiswarm.server.client.ServerAccess;
import io.multiswarm.server.client.Trust;
import io.multiswarm.server.config.ConfigException;
import io.multiswarm.server.config.ServerCommand;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code mcp}. */
@Command(
    name = "mcp",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Speaks MCP on standard input and output for the agent of a client that only starts commands, and passes it on to a"
          + " server's /mcp; see docs/agents.md.",
      ""
    })
public final class McpCommand implements ServerCommand.Action {

  private final Map<String, String> environment;
  private final InputStream in;

  @Mixin private ServerAccess access = new ServerAccess();

  private McpCommand(Map<String, String> environment, InputStream in) {
    this.environment = environment;
    this.in = in;
  }

  public static CommandLine commandLine(Map<String, String> environment, InputStream in) {
    return new CommandLine(new McpCommand(environment, in));
  }

  @Override
  public int run(PrintWriter out, PrintWriter err) {
    Endpoint endpoint = access.endpoint(environment);
    HttpClient http = http(endpoint.trusted());
    try {
      new StdioBridge(http, url(endpoint.url()), headers(endpoint), out).serve(in);
      return CommandLine.ExitCode.OK;
    } catch (IOException e) {
      err.println("mcp: standard input broke: " + e.getMessage());
      return CommandLine.ExitCode.SOFTWARE;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return CommandLine.ExitCode.SOFTWARE;
    }
  }

  private static Map<String, String> headers(Endpoint endpoint) {
    Map<String, String> headers = new HashMap<>();
    if (endpoint.token() != null) {
      headers.put("Authorization", "Bearer " + endpoint.token());
    }
    if (endpoint.fleet() != null) {
      headers.put("Multiswarm-Fleet", endpoint.fleet());
    }
    return headers;
  }

  private static HttpClient http(@Nullable Path trusted) {
    HttpClient.Builder http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
    if (trusted != null) {
      try {
        http.sslContext(Trust.in(trusted));
      } catch (SSLException | IllegalArgumentException unreadable) {
        throw new ConfigException("--ca: " + trusted + ": " + unreadable.getMessage());
      }
    }
    return http.build();
  }

  private static URI url(URI webSocket) {
    String scheme = "wss".equals(webSocket.getScheme()) ? "https" : "http";
    return URI.create(scheme + "://" + webSocket.getRawAuthority() + "/mcp");
  }
}

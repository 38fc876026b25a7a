package io.multiswarm.load.agents;

import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** How an agent reaches the tools. Used by one thread. */
interface AgentDoor {

  /** Whether the call was carried out is not known. */
  final class NoAnswerException extends Exception {
    private static final long serialVersionUID = 1;

    NoAnswerException(String why) {
      super(why);
    }
  }

  /** The tool said no. */
  final class ToolRefusedException extends Exception {
    private static final long serialVersionUID = 1;

    private final String code;

    ToolRefusedException(String code, String words) {
      super(words);
      this.code = code;
    }

    String code() {
      return code;
    }
  }

  /** What the tool answers, for programs. */
  JsonNode call(String tool, Map<String, Object> arguments)
      throws NoAnswerException, ToolRefusedException, InterruptedException;

  /** Ends what it was made of, without a word. From any thread. */
  void kill();

  /** The message that calls a tool, of the era without sessions. */
  static String message(long id, String tool, Map<String, Object> arguments) {
    ObjectNode message = JsonMapper.shared().createObjectNode();
    message.put("jsonrpc", "2.0").put("id", id).put("method", "tools/call");
    ObjectNode params = message.putObject("params").put("name", tool);
    params.set("arguments", JsonMapper.shared().valueToTree(arguments));
    params
        .putObject("_meta")
        .put("io.modelcontextprotocol/protocolVersion", HttpDoor.VERSION)
        .putObject("io.modelcontextprotocol/clientCapabilities");
    return message.toString();
  }

  /** What an answer says. */
  static JsonNode result(JsonNode answer) throws NoAnswerException, ToolRefusedException {
    JsonNode result = answer.path("result");
    if (!result.isObject()) {
      throw new NoAnswerException(answer.path("error").path("message").asString("no result"));
    }
    JsonNode told = result.path("structuredContent");
    if (result.path("isError").asBoolean(false)) {
      throw new ToolRefusedException(
          told.path("error").asString("UNKNOWN"), told.path("hint").asString(""));
    }
    return told;
  }
}

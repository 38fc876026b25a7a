package io.multiswarm.server.config;

/** The headings under which {@code --help} and the documentation list the settings. */
enum SettingGroup {
  LISTENING("Listening"),
  SECURITY("Tokens (without any of the AUTH_ files nobody is asked for one)"),
  LIMITS("Limits"),
  REDIS("Redis (without any of the REDIS_ settings the server runs a redis-server of its own)"),
  SWARMS("Swarms"),
  LEADERSHIP("Leadership and nodes"),
  TASKS("Tasks"),
  RESOURCES("Resources, conflicts and recovery"),
  MESSAGES("Messages"),
  SESSIONS("Sessions"),
  OPERATION("Operation");

  private final String heading;

  SettingGroup(String heading) {
    this.heading = heading;
  }

  String heading() {
    return heading;
  }
}

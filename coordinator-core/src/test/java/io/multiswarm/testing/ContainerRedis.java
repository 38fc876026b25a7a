package io.multiswarm.testing;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.PortBinding;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/**
 * A Redis image under Testcontainers. It is stopped and started by the Docker client beneath,
 * because Testcontainers' own {@code stop} removes the container and its data with it.
 */
final class ContainerRedis implements RedisServer.Owned {

  private static final int REDIS_PORT = 6379;
  private static final String CONFIGURATION = "/redis.conf";
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final int STOP_SECONDS = 10;

  private final GenericContainer<?> container;
  private final int port;

  private ContainerRedis(GenericContainer<?> container, int port) {
    this.container = container;
    this.port = port;
  }

  static ContainerRedis launch(String image, List<String> settings) {
    // Bound to a port of ours: Docker gives a container another random one each time it is started.
    int port = Ports.free();
    GenericContainer<?> container =
        new GenericContainer<>(DockerImageName.parse(image))
            .withExposedPorts(REDIS_PORT)
            .withCreateContainerCmdModifier(
                command ->
                    command
                        .getHostConfig()
                        .withPortBindings(PortBinding.parse(published(port) + ":" + REDIS_PORT)))
            .withCopyToContainer(configuration(settings), CONFIGURATION)
            .withCommand("redis-server", CONFIGURATION)
            .waitingFor(Wait.forLogMessage(".*Ready to accept connections.*\\n", 1))
            .withStartupTimeout(DEADLINE);
    container.start();
    return new ContainerRedis(container, port);
  }

  /** Not open to the network where Docker is on this machine, as it asks nobody for a password. */
  private static String published(int port) {
    boolean local = DockerClientFactory.instance().dockerHostIpAddress().equals("localhost");
    return (local ? "127.0.0.1:" : "") + port;
  }

  /** A file, because users are lost among arguments: their rules have spaces. */
  private static Transferable configuration(List<String> settings) {
    return Transferable.of("protected-mode no\n" + String.join("\n", settings) + "\n");
  }

  @Override
  public URI uri() {
    return URI.create("redis://" + container.getHost() + ":" + port);
  }

  @Override
  public void start() {
    if (!isRunning()) {
      docker().startContainerCmd(container.getContainerId()).exec();
    }
    Await.await("Redis in its container", DEADLINE, this::answers);
  }

  @Override
  public void stop() {
    if (isRunning()) {
      docker().stopContainerCmd(container.getContainerId()).withTimeout(STOP_SECONDS).exec();
    }
  }

  @Override
  public void kill() {
    if (isRunning()) {
      docker().killContainerCmd(container.getContainerId()).exec();
      Await.await("the container's end", DEADLINE, () -> !isRunning());
    }
  }

  @Override
  public void pause() {
    docker().pauseContainerCmd(container.getContainerId()).exec();
  }

  @Override
  public void resume() {
    docker().unpauseContainerCmd(container.getContainerId()).exec();
  }

  @Override
  public void close() {
    container.stop();
  }

  private boolean isRunning() {
    return Boolean.TRUE.equals(
        docker().inspectContainerCmd(container.getContainerId()).exec().getState().getRunning());
  }

  private boolean answers() {
    try (RespClient client = RespClient.connect(uri())) {
      return "PONG".equals(client.call("PING"));
    } catch (UncheckedIOException | RespClient.ErrorReply notYet) {
      return false;
    }
  }

  private DockerClient docker() {
    return container.getDockerClient();
  }
}

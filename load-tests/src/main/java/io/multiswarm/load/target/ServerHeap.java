package io.multiswarm.load.target;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import reactor.core.publisher.Mono;

/**
 * The heap of a server that is our child, seen through the management agent of its Java. Needs a
 * JDK, not only a runtime, to run the harness with.
 */
public final class ServerHeap {

  private final JMXConnector connector;
  private final MemoryMXBean memory;

  private ServerHeap(JMXConnector connector, MemoryMXBean memory) {
    this.connector = connector;
    this.memory = memory;
  }

  public static Mono<ServerHeap> of(ProcessHandle server) {
    return Blocking.call(() -> connect(agent(server.pid())));
  }

  private static String agent(long pid) throws IOException, AttachNotSupportedException {
    VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
    try {
      return machine.startLocalManagementAgent();
    } finally {
      machine.detach();
    }
  }

  @SuppressWarnings("BanJNDI") // the address is that of our own child's agent
  private static ServerHeap connect(String agent) throws IOException {
    JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(agent));
    return new ServerHeap(
        connector,
        ManagementFactory.newPlatformMXBeanProxy(
            connector.getMBeanServerConnection(),
            ManagementFactory.MEMORY_MXBEAN_NAME,
            MemoryMXBean.class));
  }

  /** Collects the server's garbage; the bytes that are in use then. */
  public Mono<Long> used() {
    return Blocking.call(
        () -> {
          memory.gc();
          return memory.getHeapMemoryUsage().getUsed();
        });
  }

  public Mono<Void> close() {
    return Blocking.call(
            () -> {
              connector.close();
              return true;
            })
        .then();
  }
}

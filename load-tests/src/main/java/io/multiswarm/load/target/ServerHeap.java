package io.multiswarm.load.target;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import javax.management.AttributeNotFoundException;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import reactor.core.publisher.Mono;

/**
 * The heap of a server that is our child, and what else it holds, seen through the management agent
 * of its Java. Needs a JDK, not only a runtime, to run the harness with.
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

  /** How many files it has open, sockets among them; 0 where that is not told. */
  public Mono<Long> openFiles() {
    return number("java.lang:type=OperatingSystem", "OpenFileDescriptorCount");
  }

  /** How many threads of Java it has. */
  public Mono<Long> threads() {
    return number("java.lang:type=Threading", "ThreadCount");
  }

  private Mono<Long> number(String bean, String attribute) {
    return Blocking.call(
        () -> {
          try {
            Object value =
                connector.getMBeanServerConnection().getAttribute(new ObjectName(bean), attribute);
            return ((Number) value).longValue();
          } catch (AttributeNotFoundException untold) {
            return 0L;
          }
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

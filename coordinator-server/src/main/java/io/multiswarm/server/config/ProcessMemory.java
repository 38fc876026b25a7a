package io.multiswarm.server.config;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

/** How much memory this process was given. */
final class ProcessMemory {

  private static final String DIRECT = "MaxDirectMemorySize";

  private ProcessMemory() {}

  /** A quarter of the heap, or of the memory outside it when that is less. */
  static long quarter() {
    return Math.min(Runtime.getRuntime().maxMemory(), direct()) / 4;
  }

  /** As much as the heap when nobody has said; so does the JVM. */
  private static long direct() {
    long said =
        Long.parseLong(
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .getVMOption(DIRECT)
                .getValue());
    return said == 0 ? Runtime.getRuntime().maxMemory() : said;
  }
}

package io.multiswarm.testing;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Installs the checks of the environment before the first test class is loaded; found by its entry
 * in {@code META-INF/services} wherever this jar is on the class path.
 */
public final class EnvironmentListener implements LauncherSessionListener {

  private static final AtomicBoolean INSTALLED = new AtomicBoolean();

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    if (INSTALLED.compareAndSet(false, true)) {
      LeakRecorder.install();
      BlockingCallRecorder.install();
      ErrorLogRecorder.install();
    }
  }
}

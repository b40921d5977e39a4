package dev.gatlingllm.observe.export;

import java.util.List;
import java.util.concurrent.ThreadFactory;

/** Makes the live metrics of a run known to another program. */
interface Exporter {

  /** Returns where the metrics are to be found, as a sentence of the console. */
  String describe();

  /**
   * Ends the export, within some seconds.
   *
   * @return what was lost, each as a sentence; most often empty
   */
  List<String> close();

  /** Returns a factory of threads that do not keep the process alive. */
  static ThreadFactory daemons(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }
}

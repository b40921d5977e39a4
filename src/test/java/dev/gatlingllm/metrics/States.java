package dev.gatlingllm.metrics;

import dev.gatlingllm.metrics.RunState.ClientState;

/** States as other load generators would have left them. */
public final class States {

  private States() {}

  /** The same run at another time. */
  public static RunState at(long startEpochMillis, RunState state) {
    return copy(startEpochMillis, state, state.client());
  }

  /** The same run on another machine. */
  public static RunState with(ClientState client, RunState state) {
    return copy(state.startEpochMillis(), state, client);
  }

  private static RunState copy(Long startEpochMillis, RunState state, ClientState client) {
    return new RunState(
        startEpochMillis,
        state.borderNanos(),
        state.lastEndNanos(),
        state.objectives(),
        state.overall(),
        state.byRequest(),
        state.byScenario(),
        state.byGroup(),
        state.byIteration(),
        state.coldWarm(),
        state.failures(),
        state.repeats(),
        client);
  }
}

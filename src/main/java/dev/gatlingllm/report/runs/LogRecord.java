package dev.gatlingllm.report.runs;

import java.util.List;

/**
 * One record of Gatling's log; what a kind of record does not have is null or 0.
 *
 * @param kind the byte that it begins with
 * @param scenario number of the scenario, of a user
 * @param groups names of the groups around it, of a request or a group
 * @param name of a request, or the message of an error
 * @param times milliseconds since the run's start: one, or beginning and end
 * @param cumulated response times within a group, in milliseconds
 * @param flag whether a user starts, or whether a request or a group is OK
 * @param message what failed, of a request
 */
record LogRecord(
    byte kind,
    int scenario,
    List<LogText> groups,
    LogText name,
    int[] times,
    int cumulated,
    boolean flag,
    LogText message) {}

package dev.gatlingllm.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {

  private static final long STARTED = 1_767_322_445_006L;

  @TempDir Path results;

  private Path run(String name, long logWrittenMillis) throws IOException {
    Path folder = Files.createDirectories(results.resolve(name));
    Path log = Files.createFile(folder.resolve("simulation.log"));
    Files.setLastModifiedTime(log, FileTime.fromMillis(logWrittenMillis));
    return folder;
  }

  private LaunchArguments arguments(String simulation) {
    return new LaunchArguments(List.of("-s", simulation, "-rf", results.toString(), "-l", "maven"));
  }

  @Test
  void findsTheNewestFolderSinceTheProcessStarted() throws IOException {
    run("supportchat-20260102030300000", STARTED - 60_000);
    run("supportchat-20260102030405006", STARTED + 10);
    Path newest = run("supportchat-20260102030505006", STARTED + 60_000);
    run("otherchat-20260102030605006", STARTED + 120_000);
    run("supportchat-by-hand", STARTED + 120_000);

    assertThat(RunFolder.newest(arguments("com.example.SupportChat"), STARTED)).contains(newest);
  }

  @Test
  void derivesTheFolderNameAsGatlingDoes() throws IOException {
    Path folder = run("caf--chat-20260102030405006", STARTED + 10);

    assertThat(RunFolder.newest(arguments("com.example.Cafe\u0301_Chat"), STARTED)).isEmpty();
    assertThat(RunFolder.newest(arguments("com.example.Caf__Chat"), STARTED)).contains(folder);
  }

  @Test
  void isUnknownWithoutAResultsFolder() throws IOException {
    assertThat(RunFolder.newest(new LaunchArguments(List.of("com.example.Main")), STARTED))
        .isEmpty();
    assertThat(RunFolder.newest(new LaunchArguments(List.of("-rf", "no/such/place")), STARTED))
        .isEmpty();
  }

  @Test
  void findsTheFolderOfTheOpenLog() throws IOException {
    Path openFiles = Files.createDirectories(results.resolve("fd"));
    Path folder = run("supportchat-20260102030405006", STARTED);
    Files.createSymbolicLink(openFiles.resolve("3"), results.resolve("other/simulation.log"));
    Files.createSymbolicLink(openFiles.resolve("4"), folder.resolve("simulation.log"));

    assertThat(RunFolder.holdingOpenLog(openFiles)).contains(folder);
    assertThat(RunFolder.holdingOpenLog(results.resolve("absent"))).isEmpty();
  }

  @Test
  void readsArgumentsWhoseValuesHaveSpaces() {
    String commandLine = "io.gatling.app.Gatling -rf /my load tests/reports -s com.example.Chat";
    LaunchArguments arguments = new LaunchArguments(List.of(commandLine.split(" ")));

    assertThat(arguments.resultsFolder()).contains(Path.of("/my load tests/reports"));
    assertThat(arguments.simulation()).contains("com.example.Chat");
    assertThat(new LaunchArguments(List.of("--results-folder", "/r")).resultsFolder())
        .contains(Path.of("/r"));
  }
}

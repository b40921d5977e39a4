package dev.gatlingllm.text;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Says in words why a file cannot be read or written. */
public final class IoProblems {

  private IoProblems() {}

  /** Returns the reason without the name of the file, which is all that some messages have. */
  public static String reason(Throwable problem) {
    if (problem instanceof NoSuchFileException) {
      return "no such file";
    }
    if (problem instanceof AccessDeniedException) {
      return "access is denied";
    }
    if (problem instanceof FileAlreadyExistsException) {
      return "a file is in the way";
    }
    if (problem instanceof FileSystemException failed && failed.getReason() != null) {
      return failed.getReason();
    }
    String message = problem.getMessage();
    return message == null ? problem.getClass().getSimpleName() : message;
  }
}

package dev.gatlingllm.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class IoProblemsTest {

  @Test
  void saysWhyWhereTheMessageHasOnlyTheFile() {
    assertThat(IoProblems.reason(new NoSuchFileException("a"))).isEqualTo("no such file");
    assertThat(IoProblems.reason(new AccessDeniedException("a"))).isEqualTo("access is denied");
    assertThat(IoProblems.reason(new FileAlreadyExistsException("a")))
        .isEqualTo("a file is in the way");
    assertThat(IoProblems.reason(new FileSystemException("a", null, "Not a directory")))
        .isEqualTo("Not a directory");
    assertThat(IoProblems.reason(new EOFException())).isEqualTo("EOFException");
    assertThat(IoProblems.reason(new IOException("disk full"))).isEqualTo("disk full");
  }
}

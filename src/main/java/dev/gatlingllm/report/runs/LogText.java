package dev.gatlingllm.report.runs;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;

/** A text of Gatling's log, as it lies there: the bytes inside of a {@code String}. Immutable. */
final class LogText {

  private final byte[] bytes;
  private final byte coder;

  private LogText(byte[] bytes, byte coder) {
    this.bytes = bytes;
    this.coder = coder;
  }

  static LogText read(DataInputStream in) throws IOException {
    int length = in.readInt();
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return new LogText(bytes, length == 0 ? 0 : in.readByte());
  }

  void writeTo(DataOutputStream out) throws IOException {
    out.writeInt(bytes.length);
    if (bytes.length > 0) {
      out.write(bytes);
      out.writeByte(coder);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LogText text && coder == text.coder && Arrays.equals(bytes, text.bytes);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(bytes) + coder;
  }
}

package dev.gatlingllm.bench;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * The header of a class file, enough to tell whether the class is a benchmark without loading it.
 * See the Java Virtual Machine Specification, chapter 4.
 *
 * @param name with slashes
 * @param superName with slashes, or null
 * @param isConcrete whether it is a public class that is not abstract
 */
record ClassHeader(String name, @Nullable String superName, boolean isConcrete) {

  private static final int PUBLIC = 0x0001;
  private static final int INTERFACE = 0x0200;
  private static final int ABSTRACT = 0x0400;

  static ClassHeader read(InputStream in) throws IOException {
    DataInputStream data = new DataInputStream(in);
    data.skipNBytes(8);
    int count = data.readUnsignedShort();
    String[] texts = new String[count];
    int[] classes = new int[count];
    for (int i = 1; i < count; i++) {
      int tag = data.readUnsignedByte();
      switch (tag) {
        case 1 -> texts[i] = data.readUTF();
        case 7 -> classes[i] = data.readUnsignedShort();
        case 8, 16, 19, 20 -> data.skipNBytes(2);
        case 15 -> data.skipNBytes(3);
        case 3, 4, 9, 10, 11, 12, 17, 18 -> data.skipNBytes(4);
        case 5, 6 -> {
          data.skipNBytes(8);
          // long and double take two entries
          i++;
        }
        default -> throw new IOException("not a class file: unknown constant tag " + tag);
      }
    }
    int access = data.readUnsignedShort();
    String name = texts[classes[data.readUnsignedShort()]];
    int superClass = data.readUnsignedShort();
    return new ClassHeader(
        name,
        superClass == 0 ? null : texts[classes[superClass]],
        (access & PUBLIC) != 0 && (access & (INTERFACE | ABSTRACT)) == 0);
  }
}

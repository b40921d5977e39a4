package dev.gatlingllm.gatling;

import io.gatling.app.Gatling;
import io.gatling.javaapi.core.Simulation;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts Gatling with a simulation of this library. Gatling's build plugins offer every concrete
 * simulation in the jars of a project beside the project's own, and fail where there are several
 * and none is chosen. Simulations of the library are therefore abstract; this main class defines a
 * concrete subclass in the process that runs it.
 *
 * <p>Arguments: the abstract class, then Gatling's arguments without {@code -s}.
 */
public final class HiddenSimulation {

  private static final int JAVA_17 = 61;
  private static final int PUBLIC = 0x0001;
  private static final int SUPER = 0x0020;

  private HiddenSimulation() {}

  public static void main(String[] args) throws ReflectiveOperationException, IOException {
    Class<?> subclass = define(Class.forName(args[0]).asSubclass(Simulation.class));
    List<String> arguments = new ArrayList<>(List.of(args).subList(1, args.length));
    arguments.addAll(List.of("-s", subclass.getName()));
    Gatling.main(arguments.toArray(String[]::new));
  }

  /** Defines the subclass beside its parent. It may be defined once in a process. */
  static Class<? extends Simulation> define(Class<? extends Simulation> parent)
      throws IllegalAccessException, IOException {
    MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(parent, MethodHandles.lookup());
    return lookup.defineClass(subclass(parent)).asSubclass(Simulation.class);
  }

  /** Returns the class file of {@code public class …Run extends … {}}. */
  private static byte[] subclass(Class<?> parent) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream file = new DataOutputStream(bytes);
    file.writeInt(0xCAFEBABE);
    file.writeInt(JAVA_17);
    String name = parent.getName().replace('.', '/');
    file.writeShort(10); // constants, and one
    text(file, name + "Run"); // 1
    reference(file, 7, 1); // 2: the class
    text(file, name); // 3
    reference(file, 7, 3); // 4: its parent
    text(file, "<init>"); // 5
    text(file, "()V"); // 6
    reference(file, 12, 5, 6); // 7: name and type of the constructor
    reference(file, 10, 4, 7); // 8: the parent's constructor
    text(file, "Code"); // 9
    shorts(file, PUBLIC | SUPER, 2, 4, 0, 0); // no interfaces, no fields
    shorts(
        file, 1, PUBLIC, 5, 6, 1, 9); // one method: the constructor, with one attribute, its code
    file.writeInt(17); // bytes of the attribute
    shorts(file, 1, 1); // stack and variables
    file.writeInt(5); // bytes of the code
    file.write(new byte[] {0x2a, (byte) 0xb7, 0, 8, (byte) 0xb1}); // super(); return
    shorts(file, 0, 0, 0); // no handlers, no attributes of the code or the class
    return bytes.toByteArray();
  }

  private static void text(DataOutputStream file, String text) throws IOException {
    file.writeByte(1);
    file.writeUTF(text);
  }

  private static void reference(DataOutputStream file, int tag, int... constants)
      throws IOException {
    file.writeByte(tag);
    shorts(file, constants);
  }

  private static void shorts(DataOutputStream file, int... values) throws IOException {
    for (int value : values) {
      file.writeShort(value);
    }
  }
}

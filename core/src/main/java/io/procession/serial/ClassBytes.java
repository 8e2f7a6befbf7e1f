package io.procession.serial;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;

/// A class file in the making. It knows just what [LambdaSpinner] needs, and needs no more than a
/// young JVM has loaded already: the JDK's own writer would take milliseconds to start.
final class ClassBytes {
  static final int ALOAD_0 = 42;
  static final int ALOAD_1 = 43;
  static final int AALOAD = 50;
  static final int AASTORE = 83;
  static final int DUP = 89;
  static final int ARETURN = 176;
  static final int RETURN = 177;
  static final int GETFIELD = 180;
  static final int PUTFIELD = 181;
  static final int INVOKEVIRTUAL = 182;
  static final int INVOKESPECIAL = 183;
  static final int INVOKESTATIC = 184;
  static final int NEW = 187;
  static final int ANEWARRAY = 189;
  static final int CHECKCAST = 192;

  private static final int SIPUSH = 17;
  private static final int LDC_W = 19;
  private static final int ALOAD = 25;

  /// Version 21: what follows nothing newer needs.
  private static final int MAJOR = 65;

  private static final int UTF8 = 1;
  private static final int CLASS = 7;
  private static final int STRING = 8;
  private static final int FIELD = 9;
  private static final int METHOD = 10;
  private static final int NAME_AND_TYPE = 12;

  private final HashMap<Object, Integer> known = new HashMap<>();
  private final Part constants = new Part();
  private final Part fields = new Part();
  private final Part methods = new Part();
  private Part code = new Part();
  private int constantCount = 1;
  private int fieldCount;
  private int methodCount;

  /// Bytes in the order of class files.
  private static final class Part {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);

    void u1(int value) {
      bytes.write(value);
    }

    void u2(int value) {
      bytes.write(value >>> 8);
      bytes.write(value);
    }

    void u4(int value) {
      u2(value >>> 16);
      u2(value);
    }

    void all(Part other) {
      bytes.writeBytes(other.bytes.toByteArray());
    }
  }

  private int utf8(String text) {
    Integer at = known.get(text);
    if (at == null) {
      constants.u1(UTF8);
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      constants.u2(bytes.length);
      constants.bytes.writeBytes(bytes);
      at = constantCount++;
      known.put(text, at);
    }
    return at;
  }

  /// A constant of one or two parts, each itself a constant.
  private int constant(int tag, int first, int second) {
    Long key = (long) tag << 32 | (long) first << 16 | second;
    Integer at = known.get(key);
    if (at == null) {
      constants.u1(tag);
      constants.u2(first);
      if (second != 0) {
        constants.u2(second);
      }
      at = constantCount++;
      known.put(key, at);
    }
    return at;
  }

  private int type(String internalName) {
    return constant(CLASS, utf8(internalName), 0);
  }

  private int member(int tag, String owner, String name, String descriptor) {
    int signature = constant(NAME_AND_TYPE, utf8(name), utf8(descriptor));
    return constant(tag, type(owner), signature);
  }

  void field(int flags, String name, String descriptor) {
    fields.u2(flags);
    fields.u2(utf8(name));
    fields.u2(utf8(descriptor));
    fields.u2(0);
    fieldCount++;
  }

  /// Appends an instruction without operands.
  void op(int opcode) {
    code.u1(opcode);
  }

  /// Appends an instruction on a class.
  void typeOp(int opcode, String internalName) {
    code.u1(opcode);
    code.u2(type(internalName));
  }

  /// Appends an instruction on a field.
  void fieldOp(int opcode, String owner, String name, String descriptor) {
    code.u1(opcode);
    code.u2(member(FIELD, owner, name, descriptor));
  }

  /// Appends a call.
  void call(int opcode, String owner, String name, String descriptor) {
    code.u1(opcode);
    code.u2(member(METHOD, owner, name, descriptor));
  }

  /// Pushes a small number.
  void push(int number) {
    code.u1(SIPUSH);
    code.u2(number);
  }

  /// Pushes a string.
  void push(String text) {
    code.u1(LDC_W);
    code.u2(constant(STRING, utf8(text), 0));
  }

  /// Pushes a class.
  void pushType(String internalName) {
    code.u1(LDC_W);
    code.u2(type(internalName));
  }

  /// Pushes a reference among the parameters.
  void load(int slot) {
    code.u1(ALOAD);
    code.u1(slot);
  }

  /// Makes a method of the instructions appended since the last one. They must not branch.
  void method(int flags, String name, String descriptor, int stack, int locals) {
    methods.u2(flags);
    methods.u2(utf8(name));
    methods.u2(utf8(descriptor));
    methods.u2(1);
    methods.u2(utf8("Code"));
    int length = code.bytes.size();
    methods.u4(12 + length);
    methods.u2(stack);
    methods.u2(locals);
    methods.u4(length);
    methods.all(code);
    methods.u2(0);
    methods.u2(0);
    methodCount++;
    code = new Part();
  }

  byte[] finish(int flags, String name, String superName, String interfaceName) {
    int self = type(name);
    int parent = type(superName);
    int face = type(interfaceName);
    var file = new Part();
    file.u4(0xCAFEBABE);
    file.u4(MAJOR);
    file.u2(constantCount);
    file.all(constants);
    file.u2(flags);
    file.u2(self);
    file.u2(parent);
    file.u2(1);
    file.u2(face);
    file.u2(fieldCount);
    file.all(fields);
    file.u2(methodCount);
    file.all(methods);
    file.u2(0);
    return file.bytes.toByteArray();
  }
}
